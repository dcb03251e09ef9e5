"""What the database keeps ready follows the rows that it is made from: SQL of those triggers."""

EVENTS = {"insert": "new", "update": "new", "delete": "old"}
# Its argument is the function that brings in line what is kept of some patients.
FOLLOW_ROWS = """
    create function follow_rows() returns trigger language plpgsql as $$
    declare _patients uuid[] := (select array_agg(distinct patient_id) from changed);
    begin
        if _patients is not null then
            execute format('select %I($1)', tg_argv[0]) using _patients;
        end if;
        return null;
    end $$"""


def followed(table: str, kept: str) -> str:
    """After each statement on this table `KEPT_refresh` runs for the patients of its rows."""
    return "".join(
        f"""
        create trigger {kept}_follow_{event} after {event} on {table}
            referencing {rows} table as changed
            for each statement execute function follow_rows('{kept}_refresh');"""
        for event, rows in EVENTS.items()
    )
