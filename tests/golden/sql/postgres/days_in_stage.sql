SELECT
  "t2"."stage",
  SUM(
    "t2"."value" * GREATEST(1.0 - ABS("t2"."place" - (
      (
        "t2"."n" - 1
      ) * 0.25
    )), 0.0)
  ) AS "q25",
  SUM(
    "t2"."value" * GREATEST(1.0 - ABS("t2"."place" - (
      (
        "t2"."n" - 1
      ) * 0.5
    )), 0.0)
  ) AS "q50",
  SUM(
    "t2"."value" * GREATEST(1.0 - ABS("t2"."place" - (
      (
        "t2"."n" - 1
      ) * 0.75
    )), 0.0)
  ) AS "q75",
  MAX("t2"."n") AS "n"
FROM (
  SELECT
    "t1"."stage",
    "t1"."value",
    ROW_NUMBER() OVER (
      PARTITION BY "t1"."stage"
      ORDER BY "t1"."value" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "place",
    COUNT("t1"."value") OVER (
      PARTITION BY "t1"."stage"
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS "n"
  FROM (
    SELECT
      "t0"."stage",
      CAST("t0"."days" AS DOUBLE PRECISION) AS "value"
    FROM "visits" AS "t0"
    WHERE
      "t0"."days" IS NOT NULL
  ) AS "t1"
) AS "t2"
GROUP BY
  1
