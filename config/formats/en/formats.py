"""Date formats in English, Django's and Flexion's own: `|date:"LONG_DAY"`."""

DATE_FORMAT = "j F Y"  # 3 November 2026
DATETIME_FORMAT = "j F Y, H:i"  # 3 November 2026, 18:00
LONG_DAY = "l j F"  # Tuesday 3 November
SHORT_DAY = "D j M"  # Tue 3 Nov
DAY_AND_TIME = "D j M, H:i"  # Tue 3 Nov, 18:00
DAY_OF_YEAR = "j M"  # 3 Nov
DAY_AND_YEAR = "j M Y"  # 3 Nov 2026
