"""Statistics: numbers in, numbers out.

Arrays or small frames of counts go in, arrays come out. Nothing here knows a company, a parameter or a report.
"""
