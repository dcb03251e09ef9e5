"""Which phase of a program holds: the newest that has begun. A phase is begun by a clinician."""


def current(program: str, day: str = "'infinity'::date") -> str:
    """SQL: the id of the phase of this program that holds on a day; without one, the newest."""
    return f"""(
        select q.id from programs_phase q where q.program_id = {program}
        order by (q.position = 0 or coalesce(q.start_on <= {day}, false)) desc, q.position desc
        limit 1)"""  # noqa: S608 (own words only)
