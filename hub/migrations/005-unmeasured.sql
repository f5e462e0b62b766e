-- Passages without a measurement are listed by the day (GET /hub/unmeasured).
create index entries_unmeasured on entries (received_ms) where kind = 'unmeasured-entry';
