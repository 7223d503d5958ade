package hadr.lib.instant_test

import data.hadr.lib.instant

_now := {"captured_at": "2026-11-22T03:00:00Z"}

test_ages_are_seconds if {
	instant.age("2026-11-22T03:00:00Z") == 0 with input as _now
	instant.age("2026-11-22T02:59:51Z") == 9 with input as _now
	instant.age("2026-11-21T03:00:00Z") == 86400 with input as _now
	instant.age("2026-11-22T04:08:09Z") == -4089 with input as _now
}

test_months_and_leap_days_count if {
	instant.age("2026-10-22T03:00:00Z") == 2678400 with input as _now
	instant.age("2024-02-29T00:00:00Z") == 86151600 with input as _now
	instant.seconds("2024-03-01T00:00:00Z") - instant.seconds("2024-02-28T00:00:00Z") == 172800
	instant.seconds("2025-03-01T00:00:00Z") - instant.seconds("2025-02-28T00:00:00Z") == 86400
}

test_an_instant_that_is_not_known_has_no_age if {
	not instant.age(null) with input as _now
}

test_days_are_told_apart if {
	instant.day("2026-11-22T03:00:00Z") - instant.day("2026-11-21T23:59:59Z") == 1
	instant.day("2026-03-01T00:00:00Z") - instant.day("2026-02-28T00:00:00Z") == 1
	instant.day("2028-03-01T00:00:00Z") - instant.day("2028-02-28T00:00:00Z") == 2
	instant.day("2027-01-01T00:00:00Z") - instant.day("2026-12-31T00:00:00Z") == 1
	instant.day("2027-11-22T00:00:00Z") - instant.day("2026-11-22T00:00:00Z") == 365
	instant.day("2028-11-22T00:00:00Z") - instant.day("2027-11-22T00:00:00Z") == 366
	instant.day("2026-09-08T00:00:00Z") - instant.day("2026-08-09T00:00:00Z") == 30
}
