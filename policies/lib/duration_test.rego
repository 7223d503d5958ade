package hadr.lib.duration_test

import data.hadr.lib.duration

test_durations_are_seconds if {
	every text, expected in {
		"PT0S": 0,
		"PT5M": 300,
		"PT1H2M3S": 3723,
		"PT1M30.5S": 90.5,
		"P1D": 86400,
		"P1DT1H": 90000,
		"P2W": 1209600,
	} {
		duration.seconds(text) == expected
	}
}

test_what_is_no_duration_or_of_no_fixed_length_is_undefined if {
	every text in ["", "P", "PT", "5M", "P1M", "P1Y", "PTxM", "PT5", "PT.5S", "PT5.S", "PT1.2.3S", "P1DT2HT3M", null, 5] {
		not duration.seconds(text)
	}
}
