SELECT
  "t22"."opportunity_id",
  "t22"."rep_id",
  "t22"."share",
  "t22"."book",
  CAST(CAST((
    "t22"."whole" + CASE
      WHEN "t22"."is_complete" AND (
        "t22"."place" < "t22"."left_over"
      )
      THEN 1
      ELSE 0
    END
  ) * SIGN("t22"."deal_cents") AS DECIMAL(18, 2)) / 100 AS DECIMAL(18, 2)) AS "amount",
  "t22"."team_id"
FROM (
  SELECT
    "t21"."opportunity_id",
    "t21"."rep_id",
    "t21"."share",
    "t21"."book",
    "t21"."team_id",
    "t21"."deal",
    "t21"."deal_amount",
    "t21"."deal_cents",
    "t21"."millionths",
    "t21"."size",
    "t21"."fraction",
    "t21"."whole",
    ABS("t21"."deal_cents") - SUM("t21"."whole") OVER (
      PARTITION BY "t21"."opportunity_id", "t21"."book"
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS "left_over",
    SUM("t21"."millionths") OVER (
      PARTITION BY "t21"."opportunity_id", "t21"."book"
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) = 1000000 AS "is_complete",
    ROW_NUMBER() OVER (
      PARTITION BY "t21"."opportunity_id", "t21"."book"
      ORDER BY "t21"."fraction" DESC NULLS LAST, "t21"."rep_id" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "place"
  FROM (
    SELECT
      "t20"."opportunity_id",
      "t20"."rep_id",
      "t20"."share",
      "t20"."book",
      "t20"."team_id",
      "t20"."deal",
      "t20"."deal_amount",
      "t20"."deal_cents",
      "t20"."millionths",
      "t20"."size",
      "t20"."size" % 1000000 AS "fraction",
      CAST(ROUND(
        CAST((
          "t20"."size" - (
            "t20"."size" % 1000000
          )
        ) AS DOUBLE PRECISION) / 1000000
      ) AS BIGINT) AS "whole"
    FROM (
      SELECT
        "t19"."opportunity_id",
        "t19"."rep_id",
        "t19"."share",
        "t19"."book",
        "t19"."team_id",
        "t19"."deal",
        "t19"."deal_amount",
        CAST(CAST(ROUND(CAST("t19"."deal_amount" * 100 AS DECIMAL), 0) AS DECIMAL(18, 0)) AS BIGINT) AS "deal_cents",
        CAST(CAST(ROUND(CAST("t19"."share" * 1000000 AS DECIMAL), 0) AS DECIMAL(9, 0)) AS BIGINT) AS "millionths",
        ABS(
          CAST(CAST(ROUND(CAST("t19"."deal_amount" * 100 AS DECIMAL), 0) AS DECIMAL(18, 0)) AS BIGINT)
        ) * CAST(CAST(ROUND(CAST("t19"."share" * 1000000 AS DECIMAL), 0) AS DECIMAL(9, 0)) AS BIGINT) AS "size"
      FROM (
        SELECT
          "t18"."opportunity_id",
          "t18"."rep_id",
          "t18"."share",
          "t18"."book",
          "t18"."team_id",
          "t7"."deal",
          "t7"."deal_amount"
        FROM (
          SELECT
            "t16"."opportunity_id",
            "t16"."rep_id",
            "t16"."share",
            "t16"."book",
            "t16"."member_team" AS "team_id"
          FROM (
            SELECT
              "t15"."opportunity_id",
              "t15"."rep_id",
              "t15"."share",
              "t15"."book",
              "t11"."deal",
              "t11"."day",
              "t10"."member",
              "t10"."member_team",
              "t10"."first",
              "t10"."last"
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  *
                FROM "credits" AS "t1"
              ) AS "t5"
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  "t3"."opportunity_id",
                  "t3"."rep_id",
                  CAST(1 AS DECIMAL(9, 6)) AS "share",
                  'main' AS "book"
                FROM "opportunities" AS "t3"
                WHERE
                  NOT EXISTS(
                    SELECT
                      1
                    FROM (
                      SELECT DISTINCT
                        "t1"."opportunity_id"
                      FROM "credits" AS "t1"
                      WHERE
                        "t1"."book" = 'main'
                    ) AS "t12"
                    WHERE
                      "t3"."opportunity_id" = "t12"."opportunity_id"
                  )
              ) AS "t13"
            ) AS "t15"
            INNER JOIN (
              SELECT
                "t0"."opportunity_id" AS "deal",
                COALESCE("t0"."closed_on", MAKE_DATE(2026, 10, 2)) AS "day"
              FROM "opportunities" AS "t0"
            ) AS "t11"
              ON "t15"."opportunity_id" = "t11"."deal"
            LEFT OUTER JOIN (
              SELECT
                "t2"."rep_id" AS "member",
                "t2"."team_id" AS "member_team",
                "t2"."from_on" AS "first",
                "t2"."to_on" AS "last"
              FROM "team_members" AS "t2"
            ) AS "t10"
              ON "t15"."rep_id" = "t10"."member"
              AND (
                (
                  "t10"."first" IS NULL
                ) OR (
                  "t10"."first" <= "t11"."day"
                )
              )
              AND (
                (
                  "t10"."last" IS NULL
                ) OR (
                  "t10"."last" >= "t11"."day"
                )
              )
          ) AS "t16"
        ) AS "t18"
        INNER JOIN (
          SELECT
            "t0"."opportunity_id" AS "deal",
            "t0"."amount" AS "deal_amount"
          FROM "opportunities" AS "t0"
        ) AS "t7"
          ON "t18"."opportunity_id" = "t7"."deal"
      ) AS "t19"
    ) AS "t20"
  ) AS "t21"
) AS "t22"
