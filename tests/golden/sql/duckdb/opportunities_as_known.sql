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
  CASE WHEN "t21"."was_open" THEN CAST(NULL AS DATE) ELSE "t21"."closed_on" END AS "closed_on",
  CASE WHEN "t21"."was_open" THEN 'open' ELSE "t21"."status" END AS "status",
  CASE
    WHEN "t21"."was_open" AND (
      "t21"."status" <> 'open'
    )
    THEN CAST(NULL AS TEXT)
    ELSE "t21"."lost_reason"
  END AS "lost_reason",
  "t21"."next_step",
  CASE WHEN "t21"."was_open" THEN "t21"."team_then" ELSE "t21"."team_id" END AS "team_id"
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
    "t20"."team_id",
    "t20"."was_open",
    "t12"."member",
    "t12"."team_then"
  FROM (
    SELECT
      "t18"."opportunity_id",
      "t18"."account_id",
      CASE
        WHEN "t18"."was_open" AND (
          "t18"."span_deal" IS NOT NULL
        )
        THEN COALESCE("t18"."then_rep", "t18"."rep_id")
        ELSE "t18"."rep_id"
      END AS "rep_id",
      "t18"."product",
      "t18"."source",
      "t18"."kind",
      CASE
        WHEN "t18"."was_open" AND (
          "t18"."span_deal" IS NOT NULL
        )
        THEN "t18"."then_amount"
        ELSE "t18"."amount"
      END AS "amount",
      "t18"."currency",
      CASE
        WHEN "t18"."was_open"
        AND (
          "t18"."span_deal" IS NOT NULL
        )
        AND "t18"."then_stage" IN ('won', 'lost')
        THEN CAST(NULL AS TEXT)
        ELSE CASE
          WHEN "t18"."was_open" AND (
            "t18"."span_deal" IS NOT NULL
          )
          THEN "t18"."then_stage"
          ELSE "t18"."stage"
        END
      END AS "stage",
      "t18"."forecast_category",
      "t18"."created_on",
      CASE
        WHEN "t18"."was_open" AND (
          "t18"."span_deal" IS NOT NULL
        )
        THEN "t18"."then_expected"
        ELSE "t18"."expected_close_on"
      END AS "expected_close_on",
      CASE
        WHEN "t18"."was_open"
        AND (
          "t18"."span_deal" IS NOT NULL
        )
        AND "t18"."then_stage" IN ('won', 'lost')
        THEN "t18"."then_from"
        ELSE "t18"."closed_on"
      END AS "closed_on",
      CASE
        WHEN "t18"."was_open"
        AND (
          "t18"."span_deal" IS NOT NULL
        )
        AND "t18"."then_stage" IN ('won', 'lost')
        THEN "t18"."then_stage"
        ELSE "t18"."status"
      END AS "status",
      "t18"."lost_reason",
      "t18"."next_step",
      "t18"."team_id",
      "t18"."was_open"
      AND NOT (
        "t18"."was_open"
        AND (
          "t18"."span_deal" IS NOT NULL
        )
        AND "t18"."then_stage" IN ('won', 'lost')
      ) AS "was_open"
    FROM (
      SELECT
        "t17"."opportunity_id",
        "t17"."account_id",
        "t17"."rep_id",
        "t17"."product",
        "t17"."source",
        "t17"."kind",
        "t17"."amount",
        "t17"."currency",
        "t17"."stage",
        "t17"."forecast_category",
        "t17"."created_on",
        "t17"."expected_close_on",
        "t17"."closed_on",
        "t17"."status",
        "t17"."lost_reason",
        "t17"."next_step",
        "t17"."team_id",
        "t17"."was_open",
        "t8"."span_deal",
        "t8"."then_from",
        "t8"."then_stage",
        "t8"."then_amount",
        "t8"."then_expected",
        "t8"."then_rep"
      FROM (
        SELECT
          "t15"."opportunity_id",
          "t15"."account_id",
          "t15"."rep_id",
          "t15"."product",
          "t15"."source",
          "t15"."kind",
          "t15"."amount",
          "t15"."currency",
          CASE
            WHEN "t15"."was_open"
            AND (
              "t15"."status" <> 'open'
            )
            AND (
              "t15"."open_stage" IS NULL
            )
            THEN CAST(NULL AS TEXT)
            ELSE "t15"."stage"
          END AS "stage",
          "t15"."forecast_category",
          "t15"."created_on",
          "t15"."expected_close_on",
          "t15"."closed_on",
          "t15"."status",
          "t15"."lost_reason",
          "t15"."next_step",
          "t15"."team_id",
          "t15"."was_open"
        FROM (
          SELECT
            "t10"."opportunity_id",
            "t10"."account_id",
            "t10"."rep_id",
            "t10"."product",
            "t10"."source",
            "t10"."kind",
            "t10"."amount",
            "t10"."currency",
            "t10"."stage",
            "t10"."forecast_category",
            "t10"."created_on",
            "t10"."expected_close_on",
            "t10"."closed_on",
            "t10"."status",
            "t10"."lost_reason",
            "t10"."next_step",
            "t10"."team_id",
            "t10"."was_open",
            "t14"."open_stage"
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
              "t2"."team_id",
              (
                "t2"."status" = 'open'
              )
              OR COALESCE("t2"."closed_on" > MAKE_DATE(2026, 9, 30), FALSE) AS "was_open"
            FROM "opportunities" AS "t2"
            WHERE
              (
                COALESCE("t2"."created_on", "t2"."closed_on") IS NULL
              )
              OR (
                COALESCE("t2"."created_on", "t2"."closed_on") <= MAKE_DATE(2026, 9, 30)
              )
          ) AS "t10"
          LEFT OUTER JOIN (
            SELECT DISTINCT
              *
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  "t2"."stage" AS "open_stage"
                FROM "opportunities" AS "t2"
                WHERE
                  "t2"."status" = 'open'
              ) AS "t3"
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  "t1"."stage" AS "open_stage"
                FROM "spans" AS "t1"
                WHERE
                  NOT (
                    "t1"."stage" IN ('won', 'lost')
                  )
              ) AS "t5"
            ) AS "t7"
            WHERE
              "t7"."open_stage" IS NOT NULL
          ) AS "t14"
            ON "t10"."stage" = "t14"."open_stage"
        ) AS "t15"
      ) AS "t17"
      LEFT OUTER JOIN (
        SELECT
          "t1"."opportunity_id" AS "span_deal",
          "t1"."valid_from" AS "then_from",
          "t1"."stage" AS "then_stage",
          "t1"."amount" AS "then_amount",
          "t1"."expected_close_on" AS "then_expected",
          "t1"."rep_id" AS "then_rep"
        FROM "spans" AS "t1"
        WHERE
          "t1"."valid_from" <= MAKE_DATE(2026, 9, 30)
          AND (
            (
              "t1"."valid_to" IS NULL
            ) OR (
              "t1"."valid_to" > MAKE_DATE(2026, 9, 30)
            )
          )
      ) AS "t8"
        ON "t17"."opportunity_id" = "t8"."span_deal"
    ) AS "t18"
  ) AS "t20"
  LEFT OUTER JOIN (
    SELECT
      "t4"."rep_id" AS "member",
      MAX("t4"."team_id") AS "team_then"
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
    ) AS "t4"
    GROUP BY
      1
  ) AS "t12"
    ON "t20"."rep_id" = "t12"."member"
) AS "t21"
