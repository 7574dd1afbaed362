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
          ORDER BY "t9"."changed_at" DESC NULLS LAST
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
          DATE("t8"."changed_at") <= "t8"."day"
      ) AS "t9"
    ) AS "t10"
    WHERE
      "t10"."place" = 0
  ) AS "t12"
    ON "t2"."opportunity_id" = "t12"."closed_deal"
)
SELECT
  "t36"."opportunity_id",
  "t36"."visit",
  "t36"."stage",
  "t36"."rep_id",
  "t36"."changed_on" AS "entered_on",
  COALESCE(
    "t36"."next_entry",
    CASE
      WHEN "t36"."end_status" <> 'open'
      THEN "t36"."end_on"
      ELSE CAST(NULL AS DATE)
    END
  ) AS "left_on",
  COALESCE(
    "t36"."stage_after",
    CASE
      WHEN "t36"."end_status" <> 'open'
      THEN "t36"."end_status"
      ELSE CAST(NULL AS VARCHAR)
    END
  ) AS "next_stage",
  CAST(EXTRACT(epoch FROM CAST(COALESCE(
    "t36"."next_entry",
    CASE
      WHEN "t36"."end_status" <> 'open'
      THEN "t36"."end_on"
      ELSE CAST(NULL AS DATE)
    END
  ) AS TIMESTAMP) - CAST("t36"."changed_on" AS TIMESTAMP)) / 86400 AS BIGINT) AS "days"
FROM (
  SELECT
    "t35"."opportunity_id",
    "t35"."changed_at",
    "t35"."stage",
    "t35"."amount",
    "t35"."expected_close_on",
    "t35"."rep_id",
    "t35"."changed_on",
    "t35"."before",
    "t35"."next_entry",
    "t35"."stage_after",
    "t35"."visit",
    "t17"."end_deal",
    "t17"."end_on",
    "t17"."end_status"
  FROM (
    SELECT
      "t33"."opportunity_id",
      "t33"."changed_at",
      "t33"."stage",
      "t33"."amount",
      "t33"."expected_close_on",
      "t33"."rep_id",
      "t33"."changed_on",
      "t33"."before",
      "t33"."next_entry",
      "t33"."stage_after",
      (
        ROW_NUMBER() OVER (
          PARTITION BY "t33"."opportunity_id"
          ORDER BY "t33"."changed_at" ASC
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) - 1
      ) + 1 AS "visit"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t31"."opportunity_id",
          "t31"."changed_at",
          "t31"."stage",
          "t31"."amount",
          "t31"."expected_close_on",
          "t31"."rep_id",
          "t31"."changed_on",
          "t31"."before",
          LEAD("t31"."changed_on") OVER (
            PARTITION BY "t31"."opportunity_id"
            ORDER BY "t31"."changed_at" ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) AS "next_entry",
          LEAD("t31"."stage") OVER (
            PARTITION BY "t31"."opportunity_id"
            ORDER BY "t31"."changed_at" ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) AS "stage_after"
        FROM (
          SELECT
            *
          FROM (
            SELECT
              "t29"."opportunity_id",
              "t29"."changed_at",
              "t29"."stage",
              "t29"."amount",
              "t29"."expected_close_on",
              "t29"."rep_id",
              "t29"."changed_on",
              LAG("t29"."stage") OVER (
                PARTITION BY "t29"."opportunity_id"
                ORDER BY "t29"."changed_at" ASC
                ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
              ) AS "before"
            FROM (
              SELECT
                "t28"."opportunity_id",
                "t28"."changed_at",
                CASE
                  WHEN "t28"."is_open_stage"
                  THEN "t28"."stage"
                  ELSE CASE
                    WHEN LOWER("t28"."stage") IN ('won', 'lost')
                    THEN LOWER("t28"."stage")
                    ELSE "t28"."ending"
                  END
                END AS "stage",
                "t28"."amount",
                "t28"."expected_close_on",
                "t28"."rep_id",
                "t28"."changed_on"
              FROM (
                SELECT
                  "t27"."opportunity_id",
                  "t27"."changed_at",
                  "t27"."stage",
                  "t27"."amount",
                  "t27"."expected_close_on",
                  "t27"."rep_id",
                  "t27"."deal",
                  "t27"."deal_created_on",
                  "t27"."deal_closed_on",
                  "t27"."changed_on",
                  "t27"."is_open_stage",
                  "t27"."last_open",
                  "t23"."closed_stage",
                  "t23"."ending"
                FROM (
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t24"."opportunity_id",
                      "t24"."changed_at",
                      "t24"."stage",
                      "t24"."amount",
                      "t24"."expected_close_on",
                      "t24"."rep_id",
                      "t24"."deal",
                      "t24"."deal_created_on",
                      "t24"."deal_closed_on",
                      "t24"."changed_on",
                      "t24"."is_open_stage",
                      MAX(
                        CASE
                          WHEN "t24"."is_open_stage"
                          THEN "t24"."changed_at"
                          ELSE CAST(NULL AS TIMESTAMP)
                        END
                      ) OVER (
                        PARTITION BY "t24"."opportunity_id"
                        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                      ) AS "last_open"
                    FROM (
                      SELECT
                        "t21"."opportunity_id",
                        "t21"."changed_at",
                        "t21"."stage",
                        "t21"."amount",
                        "t21"."expected_close_on",
                        "t21"."rep_id",
                        "t21"."deal",
                        "t21"."deal_created_on",
                        "t21"."deal_closed_on",
                        DATE("t21"."changed_at") AS "changed_on",
                        "t21"."stage" IN ('A', 'B') AS "is_open_stage"
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
                      ) AS "t21"
                      WHERE
                        (
                          "t21"."deal_closed_on" IS NULL
                        )
                        OR (
                          DATE("t21"."changed_at") <= "t21"."deal_closed_on"
                        )
                    ) AS "t24"
                  ) AS "t25"
                  WHERE
                    "t25"."is_open_stage" OR (
                      "t25"."changed_at" < "t25"."last_open"
                    )
                ) AS "t27"
                LEFT OUTER JOIN (
                  SELECT
                    "t20"."closed_stage",
                    "t20"."ending"
                  FROM (
                    SELECT
                      "t19"."stage" AS "closed_stage",
                      MIN("t19"."status") AS "ending",
                      MAX("t19"."status") AS "other"
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
                    ) AS "t19"
                    GROUP BY
                      1
                  ) AS "t20"
                  WHERE
                    "t20"."ending" = "t20"."other"
                ) AS "t23"
                  ON "t27"."stage" = "t23"."closed_stage"
              ) AS "t28"
              WHERE
                CASE
                  WHEN "t28"."is_open_stage"
                  THEN "t28"."stage"
                  ELSE CASE
                    WHEN LOWER("t28"."stage") IN ('won', 'lost')
                    THEN LOWER("t28"."stage")
                    ELSE "t28"."ending"
                  END
                END IS NOT NULL
            ) AS "t29"
          ) AS "t30"
          WHERE
            (
              "t30"."before" IS NULL
            ) OR (
              "t30"."before" <> "t30"."stage"
            )
        ) AS "t31"
      ) AS "t32"
      WHERE
        NOT (
          "t32"."stage" IN ('won', 'lost')
        )
    ) AS "t33"
  ) AS "t35"
  INNER JOIN (
    SELECT
      "t14"."opportunity_id" AS "end_deal",
      "t14"."closed_on" AS "end_on",
      "t14"."status" AS "end_status"
    FROM "t13" AS "t14"
  ) AS "t17"
    ON "t35"."opportunity_id" = "t17"."end_deal"
) AS "t36"
