# METADATA
# description: Arithmetic of instants in UTC, such as `2026-11-22T03:00:00Z`. Two of them are in order as text is.
package hadr.lib.instant

import data.hadr.lib.ec2

# Seconds from an instant to that of the snapshot. Undefined where the instant is not known.
age(instant) := seconds(input.captured_at) - seconds(instant) if is_string(instant)

# Seconds from a day that is the same for all instants.
seconds(instant) := (((86400 * ec2.day(instant)) + (3600 * _pair(instant, 11))) + (60 * _pair(instant, 14))) + _pair(
	instant,
	17,
)

# The number of two digits there. Engines differ in whether `09` is a number, and `109` is one everywhere.
_pair(instant, start) := to_number(concat("", ["1", substring(instant, start, 2)])) - 100
