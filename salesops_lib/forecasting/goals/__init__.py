"""Goals: are they realistic under the forecasts?"""
