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
  "t7"."member_team" AS "team_id"
FROM (
  SELECT
    "t2"."opportunity_id",
    "t2"."account_id",
    "t2"."rep_id",
    "t2"."product",
    "t2"."source",
    "t2"."kind",
    "t2"."amount",
    "t2"."currency",
    "t2"."stage",
    "t2"."forecast_category",
    "t2"."created_on",
    "t2"."expected_close_on",
    "t2"."closed_on",
    "t2"."status",
    "t2"."lost_reason",
    "t2"."next_step",
    "t6"."deal",
    "t6"."day",
    "t5"."member",
    "t5"."member_team",
    "t5"."first",
    "t5"."last"
  FROM "opportunities" AS "t2"
  INNER JOIN (
    SELECT
      "t0"."opportunity_id" AS "deal",
      COALESCE("t0"."closed_on", MAKE_DATE(2026, 10, 2)) AS "day"
    FROM "opportunities" AS "t0"
  ) AS "t6"
    ON "t2"."opportunity_id" = "t6"."deal"
  LEFT OUTER JOIN (
    SELECT
      "t1"."rep_id" AS "member",
      "t1"."team_id" AS "member_team",
      "t1"."from_on" AS "first",
      "t1"."to_on" AS "last"
    FROM "team_members" AS "t1"
  ) AS "t5"
    ON "t2"."rep_id" = "t5"."member"
    AND (
      (
        "t5"."first" IS NULL
      ) OR (
        "t5"."first" <= "t6"."day"
      )
    )
    AND (
      (
        "t5"."last" IS NULL
      ) OR (
        "t5"."last" >= "t6"."day"
      )
    )
) AS "t7"
