"""Date formats in Spanish, beside those of Django: `|date:"LONG_DAY"`."""

LONG_DAY = r"l j \d\e F"  # martes 3 de noviembre
SHORT_DAY = "D j b"  # mar 3 nov
DAY_AND_TIME = "D j b, H:i"  # mar 3 nov, 18:00
DAY_OF_YEAR = "j b"  # 3 nov
DAY_AND_YEAR = "j b Y"  # 3 nov 2026
