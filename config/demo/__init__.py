"""The demo: one invented clinic with people and history, on this machine alone.

Exists only with FLEXION_DEMO=1. History is made by the services that the pages call, with `at`
in the past; no row is written by hand.
"""
