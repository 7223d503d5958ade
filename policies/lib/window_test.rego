package hadr.lib.window_test

import data.hadr.lib.window

_office := window.on_days({"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "18:00"})

test_texts_become_minutes_of_the_week if {
	window.weekly("mon:00:00-mon:00:30") == [{"start": 0, "length": 30}]
	window.weekly("tue:08:09-tue:09:09") == [{"start": 1929, "length": 60}]
	count(window.daily("03:00-04:00")) == 7
}

test_what_is_no_window_is_undefined if {
	not window.weekly("03:00-04:00")
	not window.weekly("xyz:03:00-xyz:04:00")
	not window.weekly("mon:24:00-tue:01:00")
	not window.daily("03:60-04:00")
	not window.daily("03:00")
	not window.daily("")
	not window.daily(null)
	not window.weekly(null)
}

test_a_night_on_the_weekend_is_outside_office_hours if {
	not window.overlap(window.weekly("sun:04:00-sun:05:00"), _office)
	not window.overlap(window.weekly("sat:12:00-sat:12:30"), _office)
	not window.overlap(window.daily("03:00-04:00"), _office)
}

test_a_window_inside_around_or_across_office_hours_overlaps if {
	window.overlap(window.weekly("wed:12:00-wed:12:30"), _office)
	window.overlap(window.weekly("wed:08:00-wed:20:00"), _office)
	window.overlap(window.weekly("wed:17:30-wed:18:30"), _office)
	window.overlap(window.daily("12:00-12:30"), _office)
}

test_an_end_is_not_part_of_its_window if {
	not window.overlap(window.weekly("mon:08:00-mon:09:00"), _office)
	window.overlap(window.weekly("mon:08:00-mon:09:01"), _office)
	not window.overlap(window.weekly("fri:18:00-fri:18:30"), _office)
	window.overlap(window.weekly("fri:17:59-fri:18:29"), _office)
}

test_a_window_wraps_over_midnight if {
	night := window.on_days({"days": ["tue"], "start": "22:00", "end": "06:00"})
	window.overlap(window.daily("23:30-00:30"), night)
	window.overlap(window.weekly("wed:05:30-wed:06:30"), night)
	not window.overlap(window.weekly("tue:05:30-tue:06:00"), night)
}

test_a_window_wraps_over_the_end_of_the_week if {
	monday := window.on_days({"days": ["mon"], "start": "00:00", "end": "08:00"})
	window.overlap(window.weekly("sun:23:30-mon:00:30"), monday)
	not window.overlap(window.weekly("sun:23:30-mon:00:00"), monday)

	sunday_night := window.on_days({"days": ["sun"], "start": "22:00", "end": "06:00"})
	window.overlap(window.weekly("mon:05:00-mon:05:30"), sunday_night)
	not window.overlap(window.weekly("mon:06:00-mon:06:30"), sunday_night)
}

test_hours_that_end_where_they_start_are_the_whole_day if {
	saturday := window.on_days({"days": ["sat"], "start": "00:00", "end": "00:00"})
	window.overlap(window.weekly("sat:23:00-sat:23:30"), saturday)
	not window.overlap(window.weekly("sun:00:00-sun:00:30"), saturday)
}

test_no_days_overlap_nothing if {
	not window.overlap(window.daily("12:00-13:00"), window.on_days({"days": [], "start": "09:00", "end": "18:00"}))
}
