SELECT
  "t15"."rep_id",
  CAST(COALESCE(SUM("t15"."credited_amount"), 0) AS DOUBLE PRECISION) AS "bookings_amount"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t13"."opportunity_id",
      "t13"."account_id",
      "t13"."owner_id",
      "t13"."product",
      "t13"."source",
      "t13"."kind",
      "t13"."amount",
      "t13"."currency",
      "t13"."stage",
      "t13"."forecast_category",
      "t13"."created_on",
      "t13"."expected_close_on",
      "t13"."closed_on",
      "t13"."status",
      "t13"."lost_reason",
      "t13"."next_step",
      "t13"."owner_team_id",
      "t13"."segment",
      "t13"."region",
      "t13"."industry",
      "t10"."rep_id",
      "t10"."team_id",
      "t10"."credited_amount"
    FROM (
      SELECT
        "t11"."opportunity_id",
        "t11"."account_id",
        "t11"."rep_id" AS "owner_id",
        "t11"."product",
        "t11"."source",
        "t11"."kind",
        "t11"."amount",
        "t11"."currency",
        "t11"."stage",
        "t11"."forecast_category",
        "t11"."created_on",
        "t11"."expected_close_on",
        "t11"."closed_on",
        "t11"."status",
        "t11"."lost_reason",
        "t11"."next_step",
        "t11"."team_id" AS "owner_team_id",
        "t11"."segment",
        "t11"."region",
        "t11"."industry"
      FROM (
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
          "t4"."team_id",
          COALESCE("t9"."account_segment", "t8"."owner_segment") AS "segment",
          COALESCE("t9"."account_region", "t8"."owner_region") AS "region",
          "t9"."industry"
        FROM "opportunities" AS "t4"
        LEFT OUTER JOIN (
          SELECT
            "t2"."rep_id" AS "owner",
            "t2"."segment" AS "owner_segment",
            "t2"."region" AS "owner_region"
          FROM "reps" AS "t2"
        ) AS "t8"
          ON "t4"."rep_id" = "t8"."owner"
        LEFT OUTER JOIN (
          SELECT
            "t3"."industry",
            "t3"."account_id" AS "account",
            "t3"."segment" AS "account_segment",
            "t3"."region" AS "account_region"
          FROM "accounts" AS "t3"
        ) AS "t9"
          ON "t4"."account_id" = "t9"."account"
      ) AS "t11"
    ) AS "t13"
    INNER JOIN (
      SELECT
        "t0"."rep_id",
        "t0"."team_id",
        "t0"."opportunity_id" AS "credited_deal",
        "t0"."amount" AS "credited_amount"
      FROM "credits" AS "t0"
      WHERE
        "t0"."book" = 'main'
    ) AS "t10"
      ON "t13"."opportunity_id" = "t10"."credited_deal"
  ) AS "t14"
  WHERE
    "t14"."status" = 'won'
    AND "t14"."closed_on" BETWEEN MAKE_DATE(2026, 7, 1) AND MAKE_DATE(2026, 9, 30)
) AS "t15"
GROUP BY
  1
