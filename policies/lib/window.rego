# METADATA
# description: |
#   Arithmetic of weekly windows. A window is a list of stretches, each with the minute at which it starts, counted
#   from Monday 00:00 UTC, and its length in minutes. The week is a circle: what starts on Sunday evening may end on
#   Monday, and what starts before midnight may end after it. Each value is asked for its type, as an assignment of
#   something undefined fails in the interpreter but not in regorus' virtual machine.
package hadr.lib.window

# A window of every day, `hh:mm-hh:mm`, as RDS has for backups. Undefined if the text is not one.
daily(text) := [{"start": midnight + start, "length": length} | some midnight in _days] if {
	_is_range(text)
	ends := split(text, "-")
	start := _minutes(ends[0])
	end := _minutes(ends[1])
	is_number(start)
	is_number(end)
	length := _length(start, end, _day)
}

# A window of the week, `ddd:hh:mm-ddd:hh:mm`, as RDS has for maintenance. Undefined if the text is not one.
weekly(text) := [{"start": start, "length": length}] if {
	_is_range(text)
	ends := split(text, "-")
	start := _moment(ends[0])
	end := _moment(ends[1])
	is_number(start)
	is_number(end)
	length := _length(start, end, _week)
}

# The hours of some days, as the configuration has for business: `{"days": ["mon"], "start": "09:00", "end": "18:00"}`.
# An end before the start is on the next day.
on_days(hours) := [stretch |
	some day in hours.days
	start := _minutes(hours.start)
	stretch := {"start": _days[day] + start, "length": _length(start, _minutes(hours.end), _day)}
]

# The two windows have a minute in common. An end is not part of its window.
overlap(left, right) if {
	some one in left
	some other in right
	_meet(one, other)
}

_meet(one, other) if _distance(one.start, other.start) < one.length

_meet(one, other) if _distance(other.start, one.start) < other.length

# Minutes from one moment of the week forward to another.
_distance(from, to) := ((to - from) + _week) % _week

# Minutes from a start forward to an end on a circle. A window that ends where it starts goes once around.
_length(start, end, circle) := ((end - start) + circle) % circle if start != end

_length(start, end, circle) := circle if start == end

_is_range(text) if {
	is_string(text)
	count(split(text, "-")) == 2
}

_moment(text) := midnight + minutes if {
	substring(text, 3, 1) == ":"
	midnight := _days[substring(text, 0, 3)]
	minutes := _minutes(substring(text, 4, -1))
	is_number(midnight)
	is_number(minutes)
}

_minutes(text) := (60 * hour) + minute if {
	parts := split(text, ":")
	count(parts) == 2
	hour := _hours[parts[0]]
	minute := _numbers[parts[1]]
	is_number(hour)
	minute < 60
}

_hours := {text: number | some text, number in _numbers; number < 24}

# By table, because engines differ in whether `09` is a number.
_numbers := {concat("", [left, right]): number |
	some tens, left in _digits
	some ones, right in _digits
	number := (10 * tens) + ones
}

_digits := ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]

_days := {
	"mon": 0,
	"tue": _day,
	"wed": 2 * _day,
	"thu": 3 * _day,
	"fri": 4 * _day,
	"sat": 5 * _day,
	"sun": 6 * _day,
}

_day := 1440

_week := 7 * _day
