SELECT
  "t1"."rep_id",
  CAST(COALESCE(SUM("t1"."credited_amount"), 0) AS DOUBLE) AS "bookings_amount"
FROM (
  SELECT
    *
  FROM "credited_deals_on_2026_10_02" AS "t0"
  WHERE
    "t0"."status" = 'won'
    AND "t0"."closed_on" BETWEEN MAKE_DATE(2026, 7, 1) AND MAKE_DATE(2026, 9, 30)
) AS "t1"
GROUP BY
  1
