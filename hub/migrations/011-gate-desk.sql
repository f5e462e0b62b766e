-- What the gates' desks tell: what runs short, refusals among what security is told, handovers of the day.
create index entries_supplies on entries (received_ms) where kind = 'supplies-short';
create index entries_refused on entries (received_ms) where kind = 'check' and bytes like '%"reason":"refused"%';
create index entries_handover on entries (received_ms) where kind = 'handover';
