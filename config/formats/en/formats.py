"""Date formats in English, beside those of Django: `|date:"LONG_DAY"`."""

LONG_DAY = "l j F"  # Tuesday 3 November
SHORT_DAY = "D j M"  # Tue 3 Nov
DAY_AND_TIME = "D j M, H:i"  # Tue 3 Nov, 18:00
DAY_OF_YEAR = "j M"  # 3 Nov
