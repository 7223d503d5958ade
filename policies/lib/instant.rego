# METADATA
# description: Arithmetic of instants in UTC, such as `2026-11-22T03:00:00Z`. Two of them are in order as text is.
package hadr.lib.instant

# Seconds from an instant to that of the snapshot. Undefined where the instant is not known.
age(instant) := seconds(input.captured_at) - seconds(instant) if is_string(instant)

# Seconds from a day that is the same for all instants.
seconds(instant) := (((86400 * day(instant)) + (3600 * _pair(instant, 11))) + (60 * _pair(instant, 14))) + _pair(
	instant,
	17,
)

# Number of the day of an instant, which tells days apart. The years begin in March, so that leap days end them.
day(instant) := (((365 * year) + leap_days) + before) + _pair(instant, 8) if {
	month := _pair(instant, 5)
	year := to_number(substring(instant, 0, 4)) - floor((14 - month) / 12)
	leap_days := (floor(year / 4) - floor(year / 100)) + floor(year / 400)
	before := floor(((153 * ((month + 9) % 12)) + 2) / 5)
}

# The number of two digits there. Engines differ in whether `09` is a number, and `109` is one everywhere.
_pair(instant, start) := to_number(concat("", ["1", substring(instant, start, 2)])) - 100
