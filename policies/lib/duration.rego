# METADATA
# description: Durations as ISO 8601 writes them, such as `P1DT2H` or `PT5M30.5S`.
package hadr.lib.duration

# Seconds of a duration. Undefined for what is none, and for months and years, which are of no fixed length.
seconds(text) := total if {
	is_string(text)
	startswith(text, "P")
	halves := split(substring(text, 1, -1), "T")
	count(halves) < 3
	parts := array.concat(_parts(halves[0], "WD", _days), _parts(_time(halves), "HMS", _times))
	count(parts) > 0
	every part in parts { is_number(part) }
	total := sum(parts)
}

_days := {"W": 604800, "D": 86400}

_times := {"H": 3600, "M": 60, "S": 1}

_time(halves) := halves[1] if count(halves) == 2

_time(halves) := "" if count(halves) == 1

# Seconds of each number with its unit; `null` for what is none.
_parts(text, letters, units) := [part |
	some word in split(_apart(text, letters), " ")
	word != ""
	part := _part(word, units)
]

# A space behind each unit.
_apart(text, letters) := replace(replace(text, "W", "W "), "D", "D ") if letters == "WD"

_apart(text, letters) := replace(replace(replace(text, "H", "H "), "M", "M "), "S", "S ") if letters == "HMS"

_part(word, units) := to_number(number) * size if {
	number := substring(word, 0, count(word) - 1)
	size := object.get(units, substring(word, count(word) - 1, 1), null)
	is_number(size)
	_is_number(number)
} else := null

# Engines differ in what else they take for a number.
_is_number(text) if {
	trim(text, "0123456789") in {"", "."}
	text != ""
	count(text) < 16
	substring(text, 0, 1) != "."
	substring(text, count(text) - 1, 1) != "."
}
