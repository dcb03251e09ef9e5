"""The fault suite: people who are due, real parts that die, and an oracle that counts.

`python -m tests.faults.storm --occurrences 10000 --faults 200 --minutes 50 --seed 1` runs it whole.
Every process and server is its own, on this machine alone, and ends with it.
"""
