WITH "t15" AS (
  SELECT
    "t3"."opportunity_id",
    "t3"."account_id",
    "t3"."rep_id",
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
    "t14"."closed_deal",
    "t14"."then_owner"
  FROM "opportunities" AS "t3"
  LEFT OUTER JOIN (
    SELECT
      "t12"."closed_deal",
      "t12"."rep_id" AS "then_owner"
    FROM (
      SELECT
        "t11"."opportunity_id",
        "t11"."changed_at",
        "t11"."stage",
        "t11"."amount",
        "t11"."expected_close_on",
        "t11"."rep_id",
        "t11"."closed_deal",
        "t11"."day",
        ROW_NUMBER() OVER (
          PARTITION BY "t11"."closed_deal"
          ORDER BY "t11"."changed_at" DESC NULLS LAST
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) - 1 AS "place"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t9"."opportunity_id",
            "t9"."changed_at",
            "t9"."stage",
            "t9"."amount",
            "t9"."expected_close_on",
            "t9"."rep_id",
            "t8"."closed_deal",
            "t8"."day"
          FROM (
            SELECT
              *
            FROM "stage_history" AS "t2"
            WHERE
              "t2"."rep_id" IS NOT NULL
          ) AS "t9"
          INNER JOIN (
            SELECT
              "t1"."opportunity_id" AS "closed_deal",
              "t1"."closed_on" AS "day"
            FROM "opportunities" AS "t1"
            WHERE
              "t1"."status" <> 'open' AND "t1"."closed_on" IS NOT NULL
          ) AS "t8"
            ON "t9"."opportunity_id" = "t8"."closed_deal"
        ) AS "t10"
        WHERE
          DATE("t10"."changed_at") <= "t10"."day"
      ) AS "t11"
    ) AS "t12"
    WHERE
      "t12"."place" = 0
  ) AS "t14"
    ON "t3"."opportunity_id" = "t14"."closed_deal"
)
SELECT
  "t21"."opportunity_id",
  "t21"."account_id",
  "t21"."rep_id",
  "t21"."product",
  "t21"."source",
  "t21"."kind",
  "t21"."amount",
  "t21"."currency",
  "t21"."stage",
  "t21"."forecast_category",
  "t21"."created_on",
  "t21"."expected_close_on",
  "t21"."closed_on",
  "t21"."status",
  "t21"."lost_reason",
  "t21"."next_step",
  "t21"."member_team" AS "team_id"
FROM (
  SELECT
    "t20"."opportunity_id",
    "t20"."account_id",
    "t20"."rep_id",
    "t20"."product",
    "t20"."source",
    "t20"."kind",
    "t20"."amount",
    "t20"."currency",
    "t20"."stage",
    "t20"."forecast_category",
    "t20"."created_on",
    "t20"."expected_close_on",
    "t20"."closed_on",
    "t20"."status",
    "t20"."lost_reason",
    "t20"."next_step",
    "t19"."deal",
    "t19"."day",
    "t5"."member",
    "t5"."member_team",
    "t5"."first",
    "t5"."last"
  FROM (
    SELECT
      "t16"."opportunity_id",
      "t16"."account_id",
      COALESCE("t16"."then_owner", "t16"."rep_id") AS "rep_id",
      "t16"."product",
      "t16"."source",
      "t16"."kind",
      "t16"."amount",
      "t16"."currency",
      "t16"."stage",
      "t16"."forecast_category",
      "t16"."created_on",
      "t16"."expected_close_on",
      "t16"."closed_on",
      "t16"."status",
      "t16"."lost_reason",
      "t16"."next_step"
    FROM "t15" AS "t16"
  ) AS "t20"
  INNER JOIN (
    SELECT
      "t16"."opportunity_id" AS "deal",
      COALESCE("t16"."closed_on", MAKE_DATE(2026, 10, 2)) AS "day"
    FROM "t15" AS "t16"
  ) AS "t19"
    ON "t20"."opportunity_id" = "t19"."deal"
  LEFT OUTER JOIN (
    SELECT
      "t0"."rep_id" AS "member",
      "t0"."team_id" AS "member_team",
      "t0"."from_on" AS "first",
      "t0"."to_on" AS "last"
    FROM "team_members" AS "t0"
  ) AS "t5"
    ON "t20"."rep_id" = "t5"."member"
    AND (
      (
        "t5"."first" IS NULL
      ) OR (
        "t5"."first" <= "t19"."day"
      )
    )
    AND (
      (
        "t5"."last" IS NULL
      ) OR (
        "t5"."last" >= "t19"."day"
      )
    )
) AS "t21"
