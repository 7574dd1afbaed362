SELECT
  "t3"."opportunity_id",
  "t3"."account_id",
  "t3"."owner_id",
  "t3"."product",
  "t3"."source",
  "t3"."kind",
  "t3"."amount",
  "t3"."currency",
  "t3"."stage",
  "t3"."forecast_category",
  "t3"."created_on",
  "t3"."expected_close_on",
  "t3"."closed_on",
  "t3"."status",
  "t3"."lost_reason",
  "t3"."next_step",
  "t3"."owner_team_id",
  "t3"."segment",
  "t3"."region",
  "t3"."industry",
  "t5"."rep_id",
  "t5"."team_id",
  "t5"."credited_amount"
FROM (
  SELECT
    "t0"."opportunity_id",
    "t0"."account_id",
    "t0"."rep_id" AS "owner_id",
    "t0"."product",
    "t0"."source",
    "t0"."kind",
    "t0"."amount",
    "t0"."currency",
    "t0"."stage",
    "t0"."forecast_category",
    "t0"."created_on",
    "t0"."expected_close_on",
    "t0"."closed_on",
    "t0"."status",
    "t0"."lost_reason",
    "t0"."next_step",
    "t0"."team_id" AS "owner_team_id",
    "t0"."segment",
    "t0"."region",
    "t0"."industry"
  FROM "deals_on_2026_10_02" AS "t0"
) AS "t3"
INNER JOIN (
  SELECT
    "t1"."rep_id",
    "t1"."team_id",
    "t1"."opportunity_id" AS "credited_deal",
    "t1"."amount" AS "credited_amount"
  FROM "credits" AS "t1"
  WHERE
    "t1"."book" = 'main'
) AS "t5"
  ON "t3"."opportunity_id" = "t5"."credited_deal"
