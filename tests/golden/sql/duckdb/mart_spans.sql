WITH "t4" AS (
  SELECT
    "t0"."opportunity_id",
    "t0"."status" AS "stage",
    "t0"."amount",
    "t0"."rep_id",
    "t0"."closed_on" AS "expected_close_on",
    "t0"."closed_on" AS "valid_from"
  FROM "opportunities" AS "t0"
  WHERE
    "t0"."status" <> 'open' AND "t0"."closed_on" IS NOT NULL
)
SELECT
  "t15"."opportunity_id",
  "t15"."stage",
  "t15"."amount",
  "t15"."expected_close_on",
  "t15"."rep_id",
  "t15"."valid_from",
  "t15"."valid_to"
FROM (
  SELECT
    "t14"."opportunity_id",
    "t14"."stage",
    "t14"."amount",
    "t14"."rep_id",
    "t14"."expected_close_on",
    "t14"."valid_from",
    LEAD("t14"."valid_from") OVER (
      PARTITION BY "t14"."opportunity_id"
      ORDER BY "t14"."valid_from" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS "valid_to"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t12"."opportunity_id",
        "t12"."stage",
        "t12"."amount",
        "t12"."rep_id",
        "t12"."expected_close_on",
        "t12"."valid_from"
      FROM (
        SELECT
          "t10"."opportunity_id",
          "t10"."stage",
          "t10"."amount",
          "t10"."rep_id",
          "t10"."expected_close_on",
          "t10"."changed_on" AS "valid_from"
        FROM (
          SELECT
            "t9"."opportunity_id",
            "t9"."changed_at",
            "t9"."stage",
            "t9"."amount",
            "t9"."expected_close_on",
            "t9"."rep_id",
            "t9"."changed_on",
            ROW_NUMBER() OVER (
              PARTITION BY "t9"."opportunity_id", "t9"."changed_on"
              ORDER BY "t9"."changed_at" DESC
              ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
            ) - 1 AS "place"
          FROM (
            SELECT
              "t8"."opportunity_id",
              "t8"."changed_at",
              "t8"."stage",
              "t8"."amount",
              "t8"."expected_close_on",
              "t8"."rep_id",
              CAST("t8"."changed_at" AS DATE) AS "changed_on"
            FROM (
              SELECT
                "t2"."opportunity_id",
                "t2"."changed_at",
                "t2"."stage",
                "t2"."amount",
                "t2"."expected_close_on",
                "t2"."rep_id",
                "t5"."deal",
                "t5"."deal_created_on",
                "t5"."deal_closed_on"
              FROM "stage_history" AS "t2"
              INNER JOIN (
                SELECT
                  "t0"."opportunity_id" AS "deal",
                  "t0"."created_on" AS "deal_created_on",
                  "t0"."closed_on" AS "deal_closed_on"
                FROM "opportunities" AS "t0"
              ) AS "t5"
                ON "t2"."opportunity_id" = "t5"."deal"
            ) AS "t8"
            WHERE
              "t8"."stage" IN ('A', 'B')
              AND (
                (
                  "t8"."deal_closed_on" IS NULL
                )
                OR (
                  CAST("t8"."changed_at" AS DATE) <= "t8"."deal_closed_on"
                )
              )
          ) AS "t9"
        ) AS "t10"
        WHERE
          "t10"."place" = 0
      ) AS "t12"
      ANTI JOIN "t4" AS "t7"
        ON "t12"."opportunity_id" = "t7"."opportunity_id"
        AND "t12"."valid_from" = "t7"."valid_from"
    ) AS "t13"
    UNION ALL
    SELECT
      *
    FROM "t4" AS "t6"
  ) AS "t14"
) AS "t15"
