-- The office's list of regions for the travel question (R5).

alter table meta add column regions json not null default '[]';
comment on column meta.regions is 'Up to 60 of {zh, en}, names of 1 to 40 characters (en may be empty), in the office''s order; canonical JSON. Handed to gates by the downlink';
