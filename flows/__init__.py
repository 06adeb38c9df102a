"""Order, schedule and retries; the only importer of prefect. No rules live here."""
