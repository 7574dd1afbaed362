WITH "t13" AS (
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
    "t12"."closed_deal",
    "t12"."then_owner"
  FROM "opportunities" AS "t2"
  LEFT OUTER JOIN (
    SELECT
      "t10"."closed_deal",
      "t10"."rep_id" AS "then_owner"
    FROM (
      SELECT
        "t9"."opportunity_id",
        "t9"."changed_at",
        "t9"."stage",
        "t9"."amount",
        "t9"."expected_close_on",
        "t9"."rep_id",
        "t9"."closed_deal",
        "t9"."day",
        ROW_NUMBER() OVER (
          PARTITION BY "t9"."closed_deal"
          ORDER BY "t9"."changed_at" DESC
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) - 1 AS "place"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t7"."opportunity_id",
            "t7"."changed_at",
            "t7"."stage",
            "t7"."amount",
            "t7"."expected_close_on",
            "t7"."rep_id",
            "t6"."closed_deal",
            "t6"."day"
          FROM (
            SELECT
              *
            FROM "stage_history" AS "t1"
            WHERE
              "t1"."rep_id" IS NOT NULL
          ) AS "t7"
          INNER JOIN (
            SELECT
              "t0"."opportunity_id" AS "closed_deal",
              "t0"."closed_on" AS "day"
            FROM "opportunities" AS "t0"
            WHERE
              "t0"."status" <> 'open' AND "t0"."closed_on" IS NOT NULL
          ) AS "t6"
            ON "t7"."opportunity_id" = "t6"."closed_deal"
        ) AS "t8"
        WHERE
          CAST("t8"."changed_at" AS DATE) <= "t8"."day"
      ) AS "t9"
    ) AS "t10"
    WHERE
      "t10"."place" = 0
  ) AS "t12"
    ON "t2"."opportunity_id" = "t12"."closed_deal"
), "t16" AS (
  SELECT
    "t14"."opportunity_id",
    "t14"."status" AS "stage",
    "t14"."amount",
    COALESCE("t14"."then_owner", "t14"."rep_id") AS "rep_id",
    "t14"."closed_on" AS "expected_close_on",
    "t14"."closed_on" AS "valid_from"
  FROM "t13" AS "t14"
  WHERE
    "t14"."status" <> 'open' AND "t14"."closed_on" IS NOT NULL
)
SELECT
  "t36"."opportunity_id",
  "t36"."stage",
  "t36"."amount",
  "t36"."expected_close_on",
  "t36"."rep_id",
  "t36"."valid_from",
  "t36"."valid_to"
FROM (
  SELECT
    "t35"."opportunity_id",
    "t35"."stage",
    "t35"."amount",
    "t35"."rep_id",
    "t35"."expected_close_on",
    "t35"."valid_from",
    LEAD("t35"."valid_from") OVER (
      PARTITION BY "t35"."opportunity_id"
      ORDER BY "t35"."valid_from" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS "valid_to"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t33"."opportunity_id",
        "t33"."stage",
        "t33"."amount",
        "t33"."rep_id",
        "t33"."expected_close_on",
        "t33"."valid_from"
      FROM (
        SELECT
          "t31"."opportunity_id",
          "t31"."stage",
          "t31"."amount",
          "t31"."rep_id",
          "t31"."expected_close_on",
          "t31"."changed_on" AS "valid_from"
        FROM (
          SELECT
            "t30"."opportunity_id",
            "t30"."changed_at",
            "t30"."stage",
            "t30"."amount",
            "t30"."expected_close_on",
            "t30"."rep_id",
            "t30"."changed_on",
            ROW_NUMBER() OVER (
              PARTITION BY "t30"."opportunity_id", "t30"."changed_on"
              ORDER BY "t30"."changed_at" DESC
              ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
            ) - 1 AS "place"
          FROM (
            SELECT
              "t29"."opportunity_id",
              "t29"."changed_at",
              CASE
                WHEN "t29"."is_open_stage"
                THEN "t29"."stage"
                ELSE CASE
                  WHEN LOWER("t29"."stage") IN ('won', 'lost')
                  THEN LOWER("t29"."stage")
                  ELSE "t29"."ending"
                END
              END AS "stage",
              "t29"."amount",
              "t29"."expected_close_on",
              "t29"."rep_id",
              "t29"."changed_on"
            FROM (
              SELECT
                "t28"."opportunity_id",
                "t28"."changed_at",
                "t28"."stage",
                "t28"."amount",
                "t28"."expected_close_on",
                "t28"."rep_id",
                "t28"."deal",
                "t28"."deal_created_on",
                "t28"."deal_closed_on",
                "t28"."changed_on",
                "t28"."is_open_stage",
                "t28"."last_open",
                "t24"."closed_stage",
                "t24"."ending"
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    "t25"."opportunity_id",
                    "t25"."changed_at",
                    "t25"."stage",
                    "t25"."amount",
                    "t25"."expected_close_on",
                    "t25"."rep_id",
                    "t25"."deal",
                    "t25"."deal_created_on",
                    "t25"."deal_closed_on",
                    "t25"."changed_on",
                    "t25"."is_open_stage",
                    MAX(
                      CASE
                        WHEN "t25"."is_open_stage"
                        THEN "t25"."changed_at"
                        ELSE CAST(NULL AS TIMESTAMP)
                      END
                    ) OVER (
                      PARTITION BY "t25"."opportunity_id"
                      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                    ) AS "last_open"
                  FROM (
                    SELECT
                      "t22"."opportunity_id",
                      "t22"."changed_at",
                      "t22"."stage",
                      "t22"."amount",
                      "t22"."expected_close_on",
                      "t22"."rep_id",
                      "t22"."deal",
                      "t22"."deal_created_on",
                      "t22"."deal_closed_on",
                      CAST("t22"."changed_at" AS DATE) AS "changed_on",
                      "t22"."stage" IN ('A', 'B') AS "is_open_stage"
                    FROM (
                      SELECT
                        "t3"."opportunity_id",
                        "t3"."changed_at",
                        "t3"."stage",
                        "t3"."amount",
                        "t3"."expected_close_on",
                        "t3"."rep_id",
                        "t18"."deal",
                        "t18"."deal_created_on",
                        "t18"."deal_closed_on"
                      FROM "stage_history" AS "t3"
                      INNER JOIN (
                        SELECT
                          "t14"."opportunity_id" AS "deal",
                          "t14"."created_on" AS "deal_created_on",
                          "t14"."closed_on" AS "deal_closed_on"
                        FROM "t13" AS "t14"
                      ) AS "t18"
                        ON "t3"."opportunity_id" = "t18"."deal"
                    ) AS "t22"
                    WHERE
                      (
                        "t22"."deal_closed_on" IS NULL
                      )
                      OR (
                        CAST("t22"."changed_at" AS DATE) <= "t22"."deal_closed_on"
                      )
                  ) AS "t25"
                ) AS "t26"
                WHERE
                  "t26"."is_open_stage" OR (
                    "t26"."changed_at" < "t26"."last_open"
                  )
              ) AS "t28"
              LEFT OUTER JOIN (
                SELECT
                  "t21"."closed_stage",
                  "t21"."ending"
                FROM (
                  SELECT
                    "t17"."stage" AS "closed_stage",
                    MIN("t17"."status") AS "ending",
                    MAX("t17"."status") AS "other"
                  FROM (
                    SELECT
                      "t14"."opportunity_id",
                      "t14"."account_id",
                      COALESCE("t14"."then_owner", "t14"."rep_id") AS "rep_id",
                      "t14"."product",
                      "t14"."source",
                      "t14"."kind",
                      "t14"."amount",
                      "t14"."currency",
                      "t14"."stage",
                      "t14"."forecast_category",
                      "t14"."created_on",
                      "t14"."expected_close_on",
                      "t14"."closed_on",
                      "t14"."status",
                      "t14"."lost_reason",
                      "t14"."next_step"
                    FROM "t13" AS "t14"
                    WHERE
                      "t14"."status" <> 'open' AND "t14"."stage" IS NOT NULL
                  ) AS "t17"
                  GROUP BY
                    1
                ) AS "t21"
                WHERE
                  "t21"."ending" = "t21"."other"
              ) AS "t24"
                ON "t28"."stage" = "t24"."closed_stage"
            ) AS "t29"
            WHERE
              CASE
                WHEN "t29"."is_open_stage"
                THEN "t29"."stage"
                ELSE CASE
                  WHEN LOWER("t29"."stage") IN ('won', 'lost')
                  THEN LOWER("t29"."stage")
                  ELSE "t29"."ending"
                END
              END IS NOT NULL
          ) AS "t30"
        ) AS "t31"
        WHERE
          "t31"."place" = 0
      ) AS "t33"
      ANTI JOIN "t16" AS "t20"
        ON "t33"."opportunity_id" = "t20"."opportunity_id"
        AND "t33"."valid_from" = "t20"."valid_from"
    ) AS "t34"
    UNION ALL
    SELECT
      *
    FROM "t16" AS "t19"
  ) AS "t35"
) AS "t36"
