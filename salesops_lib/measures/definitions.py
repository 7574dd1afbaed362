"""What each number means: the one dictionary that pages, the playbook and the docs print."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """One number's meaning, complete enough to recompute it."""

    key: str
    name: str
    meaning: str
    numerator: str = ""
    denominator: str = ""
    date_basis: str = ""
    source: str = ""
    """Where the definition comes from; “our choice” where the field has more than one."""


_ALL = (
    Definition(
        "bookings", "Bookings", "Credited amount of deals won in the period; the credits of a deal add up to 100%.",
        numerator="credited amount of won deals", date_basis="close date",
    ),
    Definition(
        "attainment", "Attainment", "Bookings as a share of the goal of the same period.",
        numerator="bookings", denominator="quota", date_basis="close date",
    ),
    Definition("gap", "Gap", "What is missing to the goal: quota less bookings; negative once the goal is beaten."),
    Definition(
        "pace", "Pace", "Attainment as a share of the time that has passed; above 100% is ahead of the goal.",
        numerator="attainment", denominator="selling days elapsed / selling days of the period",
    ),
    Definition(
        "run_rate_needed", "Run rate needed", "Bookings per selling day that would still reach the goal.",
        numerator="gap", denominator="selling days left",
    ),
    Definition(
        "win_rate", "Win rate (count)", "Share of the deals closed in the period that were won.",
        numerator="deals won", denominator="deals won or lost", date_basis="close date",
        source="Interval of Wilson (1927)",
    ),
    Definition(
        "value_win_rate", "Win rate (value)", "The same on amounts; large deals weigh more.",
        numerator="amount won", denominator="amount won or lost", date_basis="close date",
    ),
    Definition(
        "cohort_win_rate", "Win rate (created cohort)",
        "Share of the deals created in the period that have been won so far; deals still open stay in the base.",
        numerator="deals won so far", denominator="deals created in the period", date_basis="creation date",
    ),
    Definition(
        "average_deal", "Average deal", "Won amount per won deal; the median is shown beside it.",
        numerator="amount won", denominator="deals won", date_basis="close date",
    ),
    Definition(
        "median_deal", "Median deal", "Amount of the won deal in the middle: half of the others are larger.",
        date_basis="close date",
    ),
    Definition(
        "cycle_days", "Sales cycle", "Median days from creation to closing of won deals, with quartiles.",
        date_basis="close date", source="Our choice; many tools show the mean",
    ),
    Definition("age_days", "Age", "Days from creation to the day the data speaks of, for open deals."),
    Definition(
        "velocity", "Sales velocity", "Open deals x win rate x average won amount / cycle days: money per day.",
    ),
    Definition(
        "pipeline_coverage", "Pipeline coverage",
        "Open pipeline expected to close in the period for each unit of goal still missing.",
        numerator="open amount with expected close in the period", denominator="quota less bookings so far",
        date_basis="expected close date",
    ),
    Definition(
        "pipeline_created", "Pipeline created", "Amount of the deals created in the period, as last seen.",
        date_basis="creation date",
    ),
    Definition(
        "stage_conversion", "Stage conversion",
        "Share of the deals that entered a stage and later advanced. Entered = advanced + lost + moved back + "
        "handed off + still there.",
        numerator="advanced", denominator="entered", date_basis="day the stage was entered",
        source="Skipped stages count as passed through (our choice)",
    ),
    Definition(
        "reach", "Odds at this pace", "Probability of reaching the goal if deals go on coming as they have in the "
        "period so far; it knows no rhythm within the period, as the forecast does.",
        date_basis="close date", source="Compound Poisson; our choice",
    ),
    Definition(
        "bookings_change", "Change in bookings", "Bookings less those of the same days of the period compared with.",
        date_basis="close date", source="Range of chance: compound Poisson",
    ),
    Definition(
        "volume", "Volume", "Part of a change: what deciding more or fewer deals brought or took.",
        date_basis="close date", source="Shapley (1953)",
    ),
    Definition(
        "mix", "Mix", "Part of a change: what the shift of decided deals brought, between reps and segments that "
        "bring more or less per deal.", date_basis="close date", source="The rest of the split; our choice",
    ),
    Definition(
        "pulled_in", "Pulled in", "Close date moved into the period from a later day or from none.",
        date_basis="expected close date",
    ),
    Definition(
        "slipped_in", "Slipped in", "Close date put off into the period from an earlier day.",
        date_basis="expected close date",
    ),
    Definition(
        "pushed_out", "Pushed out", "Close date put off beyond the period, or removed.",
        date_basis="expected close date",
    ),
    Definition(
        "push_rate", "Push rate", "Share of the deals due in a quarter when it began whose close date was beyond it, "
        "or gone, at its end.", numerator="deals put off", date_basis="expected close date",
        denominator="deals open the evening before with a date in it", source="Interval of Wilson (1927)",
    ),
    Definition(
        "effective_deals", "Effective number of deals", "As many equal deals would be as concentrated.",
        numerator="(sum of amounts) squared", denominator="sum of squared amounts",
        source="Laakso and Taagepera (1979)",
    ),
    Definition(
        "adherence_score", "Process adherence", "Share of the closed deals that kept every rule the data can judge.",
        numerator="deals that kept all rules", denominator="deals closed with a stage history",
        date_basis="close date", source="Rules are our choice; interval of Wilson (1927)",
    ),
    Definition(
        "logo_churn", "Customers lost", "Share of the customers of twelve months before who have no recurring revenue "
        "any more.", numerator="customers lost", denominator="customers twelve months before",
        source="Interval of Wilson (1927)",
    ),
    Definition(
        "leave_ratio", "Left / expected", "Customers of a cohort who left, against those who would have at the pace of "
        "all others of the same age.", source="Exact Poisson interval",
    ),
    Definition(
        "still_win", "Open ones still won", "Of the deals still open at an age, the share that is won in the end; "
        "losses compete.", source="Aalen and Johansen (1978)",
    ),
    Definition(
        "exit", "Went on", "Share of the stays in a stage that ended in a later stage or a win.",
        numerator="stays that went on", denominator="stays ended", date_basis="day the stage was left",
        source="Interval of Wilson (1927)",
    ),
    Definition(
        "least_change", "Least fall that shows", "The smallest fall that the test would find four times in five at "
        "these numbers.", source="Power of Fisher's exact test",
    ),
    Definition(
        "recoverable", "Recoverable bookings", "Bookings that returning to the former rate would bring: (rate before - "
        "rate now) x stays ended x chances of the later stages now x average won deal.",
        date_basis="day the stage was left", source="Interval from the rate alone, Newcombe (1998)",
    ),
    Definition(
        "stay", "Time in stage", "Days until half of the stays have ended; one that goes on lasts until now.",
        source="Kaplan and Meier (1958)",
    ),
    Definition(
        "pace_ratio", "Pace", "How fast stays of one age end now, relative to before; below 1 is slower.",
        source="Mantel (1966), Peto (1977)",
    ),
    Definition(
        "hygiene_score", "Hygiene score", "Share of open deals without any of the faults that the hygiene list names.",
        numerator="open deals without a fault", denominator="open deals",
    ),
    Definition(
        "lead_qualified_rate", "Qualified share of leads", "Share of the leads created in the period that qualified.",
        numerator="leads qualified", denominator="leads created", date_basis="creation date",
    ),
    Definition(
        "first_touch_hours", "Speed to first touch", "Median hours from a lead's arrival to the first contact.",
        date_basis="creation date",
    ),
    Definition(
        "gross_retention", "Gross retention", "Recurring revenue kept from the customers at the start, at most 100%.",
        numerator="start less contraction less churn", denominator="start",
    ),
    Definition(
        "net_retention", "Net retention", "The same with expansion; no new customers.",
        numerator="start less contraction less churn plus expansion", denominator="start",
    ),
    Definition("csat", "Customer satisfaction", "Share of answers 4 or 5 of 5.", source="Wilson interval"),
    Definition(
        "shrunken_win_rate", "Win rate, adjusted for luck",
        "The rep's win rate drawn towards the team's by as much as chance could have moved it.",
        numerator="won + a", denominator="closed + a + b",
        source="Beta-binomial, a and b by marginal likelihood over the reps",
    ),
    Definition(
        "landing", "Landing", "Where the period will end: won so far + open deals that will be won in it + deals not "
        "yet created that will be.",
    ),
    Definition(
        "wape", "WAPE", "Sum of absolute errors as a share of the sum of actuals, over rolling origins.",
        numerator="sum |forecast - actual|", denominator="sum |actual|",
    ),
    Definition(
        "mase", "MASE", "Mean absolute error as a share of the in-sample error of last year's value.",
        source="Hyndman and Koehler (2006)",
    ),
    Definition(
        "forecast_bias", "Bias", "Sum of forecast less actual as a share of actuals; positive is over-forecast.",
    ),
    Definition("ote", "On-target earnings", "Base pay plus variable pay at 100% of goal."),
    Definition(
        "cost_of_sales", "Cost of sales", "Base and incentives, team leads' included, per unit of bookings.",
        numerator="base + incentives + team leads' incentives", denominator="bookings",
    ),
    Definition(
        "target_pay", "Target pay", "Variable pay that 100% of quota earns in the quarter.",
        numerator="target variable pay of a year / 4 x days employed", denominator="days of the quarter",
        source="Proration by days is our choice",
    ),
    Definition(
        "payout", "Payout", "Incentive pay as a share of target pay: own share x what the plan pays at own attainment "
        "+ the team's share x what it pays at the team's, each rounded half-up to the cent.",
        numerator="incentive pay", denominator="target pay",
    ),
    Definition(
        "next_unit_cost", "Cost of the next unit", "Incentive pay that the next unit of bookings costs, were everybody "
        "to book 1% more; base pay is paid already.",
        numerator="incentive pay added", denominator="bookings added", source="Our choice of the step",
    ),
    Definition(
        "gini", "Gini", "Spread of payouts: mean difference between two reps / (2 x mean); 0 when all earn the same "
        "share of target pay.",
    ),
    Definition(
        "pay_slope", "Pay for performance, slope", "Points of target pay that go with each point of attainment, least "
        "squares over the reps of the quarter; it describes these reps and is no sample of others.",
    ),
    Definition(
        "pay_correlation", "Pay for performance, correlation", "Pearson correlation of payout with attainment over the "
        "reps of the quarter.",
    ),
    Definition(
        "utilisation", "Utilisation", "Share of the assigned seats that were used in the window.",
        numerator="active seats", denominator="assigned seats",
    ),
    Definition(
        "sus", "SUS", "System usability scale, 0 to 100: ((odd items - 1) + (5 - even items)) x 2.5.",
        source="Brooke (1996)",
    ),
    Definition("nps", "NPS", "Share of promoters (9, 10) less share of detractors (0 to 6).", source="Adjusted Wald"),
)  # fmt: skip

DEFINITIONS: dict[str, Definition] = {definition.key: definition for definition in _ALL}
"""Every definition by its key."""
