SELECT
  "t13"."opportunity_id",
  "t13"."account_id",
  "t13"."rep_id",
  "t13"."product",
  "t13"."source",
  "t13"."kind",
  "t13"."amount",
  "t13"."currency",
  "t13"."stage",
  "t13"."forecast_category",
  "t13"."created_on",
  "t13"."expected_close_on",
  CASE WHEN "t13"."was_open" THEN CAST(NULL AS DATE) ELSE "t13"."closed_on" END AS "closed_on",
  CASE WHEN "t13"."was_open" THEN 'open' ELSE "t13"."status" END AS "status",
  CASE
    WHEN "t13"."was_open" AND (
      "t13"."status" <> 'open'
    )
    THEN CAST(NULL AS VARCHAR)
    ELSE "t13"."lost_reason"
  END AS "lost_reason",
  "t13"."next_step",
  CASE WHEN "t13"."was_open" THEN "t13"."team_then" ELSE "t13"."team_id" END AS "team_id"
FROM (
  SELECT
    "t12"."opportunity_id",
    "t12"."account_id",
    "t12"."rep_id",
    "t12"."product",
    "t12"."source",
    "t12"."kind",
    "t12"."amount",
    "t12"."currency",
    "t12"."stage",
    "t12"."forecast_category",
    "t12"."created_on",
    "t12"."expected_close_on",
    "t12"."closed_on",
    "t12"."status",
    "t12"."lost_reason",
    "t12"."next_step",
    "t12"."team_id",
    "t12"."was_open",
    "t9"."member",
    "t9"."team_then"
  FROM (
    SELECT
      "t10"."opportunity_id",
      "t10"."account_id",
      CASE
        WHEN "t10"."was_open" AND (
          "t10"."span_deal" IS NOT NULL
        )
        THEN COALESCE("t10"."then_rep", "t10"."rep_id")
        ELSE "t10"."rep_id"
      END AS "rep_id",
      "t10"."product",
      "t10"."source",
      "t10"."kind",
      CASE
        WHEN "t10"."was_open" AND (
          "t10"."span_deal" IS NOT NULL
        )
        THEN "t10"."then_amount"
        ELSE "t10"."amount"
      END AS "amount",
      "t10"."currency",
      CASE
        WHEN "t10"."was_open" AND (
          "t10"."span_deal" IS NOT NULL
        )
        THEN "t10"."then_stage"
        ELSE "t10"."stage"
      END AS "stage",
      "t10"."forecast_category",
      "t10"."created_on",
      CASE
        WHEN "t10"."was_open" AND (
          "t10"."span_deal" IS NOT NULL
        )
        THEN "t10"."then_expected"
        ELSE "t10"."expected_close_on"
      END AS "expected_close_on",
      "t10"."closed_on",
      "t10"."status",
      "t10"."lost_reason",
      "t10"."next_step",
      "t10"."team_id",
      "t10"."was_open"
    FROM (
      SELECT
        "t7"."opportunity_id",
        "t7"."account_id",
        "t7"."rep_id",
        "t7"."product",
        "t7"."source",
        "t7"."kind",
        "t7"."amount",
        "t7"."currency",
        "t7"."stage",
        "t7"."forecast_category",
        "t7"."created_on",
        "t7"."expected_close_on",
        "t7"."closed_on",
        "t7"."status",
        "t7"."lost_reason",
        "t7"."next_step",
        "t7"."team_id",
        "t7"."was_open",
        "t6"."span_deal",
        "t6"."then_stage",
        "t6"."then_amount",
        "t6"."then_expected",
        "t6"."then_rep"
      FROM (
        SELECT
          "t1"."opportunity_id",
          "t1"."account_id",
          "t1"."rep_id",
          "t1"."product",
          "t1"."source",
          "t1"."kind",
          "t1"."amount",
          "t1"."currency",
          "t1"."stage",
          "t1"."forecast_category",
          "t1"."created_on",
          "t1"."expected_close_on",
          "t1"."closed_on",
          "t1"."status",
          "t1"."lost_reason",
          "t1"."next_step",
          "t1"."team_id",
          (
            "t1"."status" = 'open'
          )
          OR COALESCE("t1"."closed_on" > MAKE_DATE(2026, 9, 30), FALSE) AS "was_open"
        FROM "opportunities" AS "t1"
        WHERE
          (
            COALESCE("t1"."created_on", "t1"."closed_on") IS NULL
          )
          OR (
            COALESCE("t1"."created_on", "t1"."closed_on") <= MAKE_DATE(2026, 9, 30)
          )
      ) AS "t7"
      LEFT OUTER JOIN (
        SELECT
          "t2"."opportunity_id" AS "span_deal",
          "t2"."stage" AS "then_stage",
          "t2"."amount" AS "then_amount",
          "t2"."expected_close_on" AS "then_expected",
          "t2"."rep_id" AS "then_rep"
        FROM "spans" AS "t2"
        WHERE
          "t2"."valid_from" <= MAKE_DATE(2026, 9, 30)
          AND (
            (
              "t2"."valid_to" IS NULL
            ) OR (
              "t2"."valid_to" > MAKE_DATE(2026, 9, 30)
            )
          )
          AND NOT (
            "t2"."stage" IN ('won', 'lost')
          )
      ) AS "t6"
        ON "t7"."opportunity_id" = "t6"."span_deal"
    ) AS "t10"
  ) AS "t12"
  LEFT OUTER JOIN (
    SELECT
      "t3"."rep_id" AS "member",
      MAX("t3"."team_id") AS "team_then"
    FROM (
      SELECT
        *
      FROM "team_members" AS "t0"
      WHERE
        (
          (
            "t0"."from_on" IS NULL
          ) OR (
            "t0"."from_on" <= MAKE_DATE(2026, 9, 30)
          )
        )
        AND (
          (
            "t0"."to_on" IS NULL
          ) OR (
            "t0"."to_on" >= MAKE_DATE(2026, 9, 30)
          )
        )
    ) AS "t3"
    GROUP BY
      1
  ) AS "t9"
    ON "t12"."rep_id" = "t9"."member"
) AS "t13"
