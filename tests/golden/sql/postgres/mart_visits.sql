SELECT
  "t13"."opportunity_id",
  "t13"."visit",
  "t13"."stage",
  "t13"."rep_id",
  "t13"."changed_on" AS "entered_on",
  COALESCE(
    "t13"."next_entry",
    CASE
      WHEN "t13"."end_status" <> 'open'
      THEN "t13"."end_on"
      ELSE CAST(NULL AS DATE)
    END
  ) AS "left_on",
  COALESCE(
    "t13"."stage_after",
    CASE
      WHEN "t13"."end_status" <> 'open'
      THEN "t13"."end_status"
      ELSE CAST(NULL AS VARCHAR)
    END
  ) AS "next_stage",
  CAST(EXTRACT(epoch FROM CAST(COALESCE(
    "t13"."next_entry",
    CASE
      WHEN "t13"."end_status" <> 'open'
      THEN "t13"."end_on"
      ELSE CAST(NULL AS DATE)
    END
  ) AS TIMESTAMP) - CAST("t13"."changed_on" AS TIMESTAMP)) / 86400 AS BIGINT) AS "days"
FROM (
  SELECT
    "t12"."opportunity_id",
    "t12"."changed_at",
    "t12"."stage",
    "t12"."amount",
    "t12"."expected_close_on",
    "t12"."rep_id",
    "t12"."changed_on",
    "t12"."before",
    "t12"."visit",
    "t12"."next_entry",
    "t12"."stage_after",
    "t5"."end_deal",
    "t5"."end_on",
    "t5"."end_status"
  FROM (
    SELECT
      "t10"."opportunity_id",
      "t10"."changed_at",
      "t10"."stage",
      "t10"."amount",
      "t10"."expected_close_on",
      "t10"."rep_id",
      "t10"."changed_on",
      "t10"."before",
      (
        ROW_NUMBER() OVER (
          PARTITION BY "t10"."opportunity_id"
          ORDER BY "t10"."changed_at" ASC
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) - 1
      ) + 1 AS "visit",
      LEAD("t10"."changed_on") OVER (
        PARTITION BY "t10"."opportunity_id"
        ORDER BY "t10"."changed_at" ASC
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) AS "next_entry",
      LEAD("t10"."stage") OVER (
        PARTITION BY "t10"."opportunity_id"
        ORDER BY "t10"."changed_at" ASC
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) AS "stage_after"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t8"."opportunity_id",
          "t8"."changed_at",
          "t8"."stage",
          "t8"."amount",
          "t8"."expected_close_on",
          "t8"."rep_id",
          "t8"."changed_on",
          LAG("t8"."stage") OVER (
            PARTITION BY "t8"."opportunity_id"
            ORDER BY "t8"."changed_at" ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) AS "before"
        FROM (
          SELECT
            "t7"."opportunity_id",
            "t7"."changed_at",
            "t7"."stage",
            "t7"."amount",
            "t7"."expected_close_on",
            "t7"."rep_id",
            DATE("t7"."changed_at") AS "changed_on"
          FROM (
            SELECT
              "t2"."opportunity_id",
              "t2"."changed_at",
              "t2"."stage",
              "t2"."amount",
              "t2"."expected_close_on",
              "t2"."rep_id",
              "t6"."deal",
              "t6"."deal_created_on",
              "t6"."deal_closed_on"
            FROM "stage_history" AS "t2"
            INNER JOIN (
              SELECT
                "t0"."opportunity_id" AS "deal",
                "t0"."created_on" AS "deal_created_on",
                "t0"."closed_on" AS "deal_closed_on"
              FROM "opportunities" AS "t0"
            ) AS "t6"
              ON "t2"."opportunity_id" = "t6"."deal"
          ) AS "t7"
          WHERE
            "t7"."stage" IN ('A', 'B')
            AND (
              (
                "t7"."deal_closed_on" IS NULL
              )
              OR (
                DATE("t7"."changed_at") <= "t7"."deal_closed_on"
              )
            )
        ) AS "t8"
      ) AS "t9"
      WHERE
        (
          "t9"."before" IS NULL
        ) OR (
          "t9"."before" <> "t9"."stage"
        )
    ) AS "t10"
  ) AS "t12"
  INNER JOIN (
    SELECT
      "t0"."opportunity_id" AS "end_deal",
      "t0"."closed_on" AS "end_on",
      "t0"."status" AS "end_status"
    FROM "opportunities" AS "t0"
  ) AS "t5"
    ON "t12"."opportunity_id" = "t5"."end_deal"
) AS "t13"
