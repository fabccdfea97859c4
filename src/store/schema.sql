-- What pcap-audit keeps. Times are RFC 3339 UTC text with nine digits, so they sort and compare as text.
-- Nothing here is secret: no password, hash, ticket or message text is ever stored.

CREATE TABLE captures (
  capture INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  sha256 TEXT,
  format TEXT NOT NULL,
  compression TEXT NOT NULL,
  link_types TEXT NOT NULL,     -- JSON array of LINKTYPE numbers
  frames INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  first_seen TEXT,
  last_seen TEXT,
  dropped INTEGER,
  problems TEXT NOT NULL,       -- JSON array of {kind, byte, detail}
  unread_frames INTEGER NOT NULL, -- frames that could not be decoded as far as an audit needs
  names TEXT NOT NULL           -- JSON array of {address, name}: what the file itself calls addresses
) STRICT;

-- One row per flow. Side "client" opened it.
CREATE TABLE flows (
  flow INTEGER PRIMARY KEY,
  id TEXT NOT NULL,             -- unique, by an index made once the flows are in
  community_id TEXT NOT NULL,
  captures TEXT NOT NULL,       -- JSON array of capture numbers
  transport TEXT NOT NULL,
  client_address TEXT NOT NULL,
  client_port INTEGER,
  server_address TEXT NOT NULL,
  server_port INTEGER,
  opened INTEGER NOT NULL,      -- 1: its opening was seen, so client and server are certain
  protocol TEXT NOT NULL,
  protocol_path TEXT NOT NULL,  -- such as smtp/tls
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  first_capture INTEGER NOT NULL,
  first_frame INTEGER NOT NULL,
  last_capture INTEGER NOT NULL,
  last_frame INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  client_bytes INTEGER NOT NULL,
  server_bytes INTEGER NOT NULL,
  state TEXT NOT NULL,
  history TEXT NOT NULL,
  missed_bytes INTEGER NOT NULL,
  duplicates INTEGER NOT NULL,
  facts_json TEXT NOT NULL,     -- opened by the view facts
  blind_spots_json TEXT NOT NULL -- opened by the view blind_spots
) STRICT;

CREATE VIEW facts AS
SELECT
  flows.id AS flow,
  json_extract(fact.value, '$.capture') AS capture,
  json_extract(fact.value, '$.frame') AS frame,
  json_extract(fact.value, '$.from') AS sender,
  json_extract(fact.value, '$.protocol') AS protocol,
  json_extract(fact.value, '$.kind') AS kind,
  coalesce(
    json_extract(fact.value, '$.what'),
    json_extract(fact.value, '$.content'),
    json_extract(fact.value, '$.mechanism')
  ) AS what,
  fact.value AS detail
FROM flows, json_each(flows.facts_json) AS fact;

CREATE VIEW blind_spots AS
SELECT
  flows.id AS flow,
  json_extract(spot.value, '$.why') AS why,
  json_extract(spot.value, '$.capture') AS capture,
  json_extract(spot.value, '$.frame') AS frame,
  json_extract(spot.value, '$.detail') AS detail
FROM flows, json_each(flows.blind_spots_json) AS spot;

-- Caps that were reached while captures were read.
CREATE TABLE limits_hit (
  name TEXT NOT NULL,
  cap INTEGER NOT NULL,
  hit INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;

-- The last check: what it was made with, and what came out.
CREATE TABLE last_check (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  tool_version TEXT NOT NULL,
  packs TEXT NOT NULL,          -- JSON array of {file, text}
  topology TEXT,                -- JSON {file, text}
  options TEXT NOT NULL,        -- JSON object
  exceptions TEXT               -- JSON {file, text}: accepted risks
) STRICT;

CREATE TABLE results (
  flow TEXT NOT NULL,           -- flows.id
  path TEXT NOT NULL,
  check_name TEXT NOT NULL,     -- port, authentication or encryption
  result TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;

-- Evidence of findings: the frames to open in Wireshark.
CREATE TABLE evidence (
  flow TEXT NOT NULL,
  path TEXT NOT NULL,
  check_name TEXT NOT NULL,
  file TEXT NOT NULL,
  frame INTEGER NOT NULL,
  fact TEXT NOT NULL
) STRICT;
