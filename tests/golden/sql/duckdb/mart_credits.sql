WITH "t19" AS (
  SELECT
    "t4"."opportunity_id",
    "t4"."account_id",
    "t4"."rep_id",
    "t4"."product",
    "t4"."source",
    "t4"."kind",
    "t4"."amount",
    "t4"."currency",
    "t4"."stage",
    "t4"."forecast_category",
    "t4"."created_on",
    "t4"."expected_close_on",
    "t4"."closed_on",
    "t4"."status",
    "t4"."lost_reason",
    "t4"."next_step",
    "t18"."closed_deal",
    "t18"."then_owner"
  FROM "opportunities" AS "t4"
  LEFT OUTER JOIN (
    SELECT
      "t16"."closed_deal",
      "t16"."rep_id" AS "then_owner"
    FROM (
      SELECT
        "t15"."opportunity_id",
        "t15"."changed_at",
        "t15"."stage",
        "t15"."amount",
        "t15"."expected_close_on",
        "t15"."rep_id",
        "t15"."closed_deal",
        "t15"."day",
        ROW_NUMBER() OVER (
          PARTITION BY "t15"."closed_deal"
          ORDER BY "t15"."changed_at" DESC
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) - 1 AS "place"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t13"."opportunity_id",
            "t13"."changed_at",
            "t13"."stage",
            "t13"."amount",
            "t13"."expected_close_on",
            "t13"."rep_id",
            "t12"."closed_deal",
            "t12"."day"
          FROM (
            SELECT
              *
            FROM "stage_history" AS "t3"
            WHERE
              "t3"."rep_id" IS NOT NULL
          ) AS "t13"
          INNER JOIN (
            SELECT
              "t2"."opportunity_id" AS "closed_deal",
              "t2"."closed_on" AS "day"
            FROM "opportunities" AS "t2"
            WHERE
              "t2"."status" <> 'open' AND "t2"."closed_on" IS NOT NULL
          ) AS "t12"
            ON "t13"."opportunity_id" = "t12"."closed_deal"
        ) AS "t14"
        WHERE
          CAST("t14"."changed_at" AS DATE) <= "t14"."day"
      ) AS "t15"
    ) AS "t16"
    WHERE
      "t16"."place" = 0
  ) AS "t18"
    ON "t4"."opportunity_id" = "t18"."closed_deal"
)
SELECT
  "t36"."opportunity_id",
  "t36"."rep_id",
  "t36"."share",
  "t36"."book",
  CAST(CAST((
    "t36"."whole" + CASE
      WHEN "t36"."is_complete" AND (
        "t36"."place" < "t36"."left_over"
      )
      THEN 1
      ELSE 0
    END
  ) * SIGN("t36"."deal_cents") AS DECIMAL(18, 2)) / 100 AS DECIMAL(18, 2)) AS "amount",
  "t36"."team_id"
FROM (
  SELECT
    "t35"."opportunity_id",
    "t35"."rep_id",
    "t35"."share",
    "t35"."book",
    "t35"."team_id",
    "t35"."deal",
    "t35"."deal_amount",
    "t35"."deal_cents",
    "t35"."millionths",
    "t35"."size",
    "t35"."fraction",
    "t35"."whole",
    ABS("t35"."deal_cents") - SUM("t35"."whole") OVER (
      PARTITION BY "t35"."opportunity_id", "t35"."book"
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS "left_over",
    SUM("t35"."millionths") OVER (
      PARTITION BY "t35"."opportunity_id", "t35"."book"
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) = 1000000 AS "is_complete",
    ROW_NUMBER() OVER (
      PARTITION BY "t35"."opportunity_id", "t35"."book"
      ORDER BY "t35"."fraction" DESC, "t35"."rep_id" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "place"
  FROM (
    SELECT
      "t34"."opportunity_id",
      "t34"."rep_id",
      "t34"."share",
      "t34"."book",
      "t34"."team_id",
      "t34"."deal",
      "t34"."deal_amount",
      "t34"."deal_cents",
      "t34"."millionths",
      "t34"."size",
      "t34"."size" % 1000000 AS "fraction",
      CAST(ROUND((
        "t34"."size" - (
          "t34"."size" % 1000000
        )
      ) / 1000000, 0) AS BIGINT) AS "whole"
    FROM (
      SELECT
        "t33"."opportunity_id",
        "t33"."rep_id",
        "t33"."share",
        "t33"."book",
        "t33"."team_id",
        "t33"."deal",
        "t33"."deal_amount",
        CAST(CAST(ROUND("t33"."deal_amount" * 100, 0) AS DECIMAL(18, 0)) AS BIGINT) AS "deal_cents",
        CAST(CAST(ROUND("t33"."share" * 1000000, 0) AS DECIMAL(9, 0)) AS BIGINT) AS "millionths",
        ABS(CAST(CAST(ROUND("t33"."deal_amount" * 100, 0) AS DECIMAL(18, 0)) AS BIGINT)) * CAST(CAST(ROUND("t33"."share" * 1000000, 0) AS DECIMAL(9, 0)) AS BIGINT) AS "size"
      FROM (
        SELECT
          "t32"."opportunity_id",
          "t32"."rep_id",
          "t32"."share",
          "t32"."book",
          "t32"."team_id",
          "t22"."deal",
          "t22"."deal_amount"
        FROM (
          SELECT
            "t30"."opportunity_id",
            "t30"."rep_id",
            "t30"."share",
            "t30"."book",
            "t30"."member_team" AS "team_id"
          FROM (
            SELECT
              "t29"."opportunity_id",
              "t29"."rep_id",
              "t29"."share",
              "t29"."book",
              "t25"."deal",
              "t25"."day",
              "t8"."member",
              "t8"."member_team",
              "t8"."first",
              "t8"."last"
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  *
                FROM "credits" AS "t0"
              ) AS "t5"
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  "t26"."opportunity_id",
                  "t26"."rep_id",
                  CAST(1 AS DECIMAL(9, 6)) AS "share",
                  'main' AS "book"
                FROM (
                  SELECT
                    "t20"."opportunity_id",
                    "t20"."account_id",
                    COALESCE("t20"."then_owner", "t20"."rep_id") AS "rep_id",
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
                    "t20"."next_step"
                  FROM "t19" AS "t20"
                ) AS "t26"
                ANTI JOIN (
                  SELECT DISTINCT
                    "t0"."opportunity_id"
                  FROM "credits" AS "t0"
                  WHERE
                    "t0"."book" = 'main'
                ) AS "t11"
                  ON "t26"."opportunity_id" = "t11"."opportunity_id"
              ) AS "t27"
            ) AS "t29"
            INNER JOIN (
              SELECT
                "t20"."opportunity_id" AS "deal",
                COALESCE("t20"."closed_on", MAKE_DATE(2026, 10, 2)) AS "day"
              FROM "t19" AS "t20"
            ) AS "t25"
              ON "t29"."opportunity_id" = "t25"."deal"
            LEFT OUTER JOIN (
              SELECT
                "t1"."rep_id" AS "member",
                "t1"."team_id" AS "member_team",
                "t1"."from_on" AS "first",
                "t1"."to_on" AS "last"
              FROM "team_members" AS "t1"
            ) AS "t8"
              ON "t29"."rep_id" = "t8"."member"
              AND (
                (
                  "t8"."first" IS NULL
                ) OR (
                  "t8"."first" <= "t25"."day"
                )
              )
              AND (
                (
                  "t8"."last" IS NULL
                ) OR (
                  "t8"."last" >= "t25"."day"
                )
              )
          ) AS "t30"
        ) AS "t32"
        INNER JOIN (
          SELECT
            "t20"."opportunity_id" AS "deal",
            "t20"."amount" AS "deal_amount"
          FROM "t19" AS "t20"
        ) AS "t22"
          ON "t32"."opportunity_id" = "t22"."deal"
      ) AS "t33"
    ) AS "t34"
  ) AS "t35"
) AS "t36"
