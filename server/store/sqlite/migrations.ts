/**
 * The schema, one numbered step per entry: entry n brings a store from version n to n + 1 (`PRAGMA user_version`). Steps that have shipped are
 * never edited.
 *
 * A message's row number is (session << 36) | seq, so a session's messages lie side by side in order and need no second index. The shift is
 * done in SQL, where integers have 64 bits. `channel` is a number from channel_keys: a deleted channel's number is never given out again, so that whoever
 * takes its id later meets nothing of it. Every `at` is epoch milliseconds; every `crc` is explained in checksum.ts.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE sessions (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL UNIQUE,
    public_key TEXT UNIQUE,
    signed_before INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    acked INTEGER NOT NULL DEFAULT 0,
    floor_seq INTEGER NOT NULL DEFAULT 0,
    floor_at INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE tokens (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    hash TEXT NOT NULL UNIQUE,
    session INTEGER NOT NULL,
    sealed TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX tokens_by_session ON tokens (session);

  CREATE TABLE nonces (
    row INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    nonce TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (session, nonce)
  ) STRICT;

  CREATE TABLE messages (
    row INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    channel_type TEXT NOT NULL,
    target TEXT,
    sender TEXT NOT NULL,
    attachments TEXT,
    metadata TEXT NOT NULL,
    content TEXT NOT NULL
  ) STRICT;
  CREATE INDEX messages_by_id ON messages (id);

  CREATE TABLE gaps (
    row INTEGER PRIMARY KEY,
    reason TEXT NOT NULL
  ) STRICT;

  CREATE TABLE channel_keys (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE conversations (
    channel INTEGER NOT NULL,
    target TEXT NOT NULL,
    session INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (channel, target)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX conversations_by_seq ON conversations (channel, seq);

  CREATE TABLE repeats (
    row INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    answer TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (scope, key)
  ) STRICT;

  CREATE TABLE replies (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    response_id TEXT NOT NULL UNIQUE,
    session INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    position INTEGER NOT NULL,
    channel_id TEXT NOT NULL,
    crc INTEGER NOT NULL,
    channel_type TEXT NOT NULL,
    target TEXT,
    client_id TEXT,
    state TEXT NOT NULL,
    platform_message_id TEXT,
    reason TEXT,
    attempts INTEGER NOT NULL,
    parts_sent INTEGER NOT NULL,
    under_way INTEGER NOT NULL,
    uncertain INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attachments TEXT NOT NULL,
    metadata TEXT NOT NULL,
    content TEXT NOT NULL
  ) STRICT;
  CREATE INDEX replies_queued ON replies (channel_id, target, row) WHERE state = 'queued';
  CREATE INDEX replies_by_position ON replies (channel, position);
  CREATE INDEX replies_by_time ON replies (channel, created_at, position);
  CREATE INDEX replies_by_session ON replies (session);

  CREATE TABLE files (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id TEXT NOT NULL,
    id TEXT NOT NULL,
    session INTEGER NOT NULL,
    channel_id TEXT NOT NULL,
    filename TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    kind TEXT NOT NULL,
    role TEXT,
    state TEXT NOT NULL,
    sealed_source TEXT,
    at INTEGER NOT NULL,
    crc INTEGER,
    bytes BLOB,
    UNIQUE (owner_id, id)
  ) STRICT;
  CREATE INDEX files_pending ON files (row) WHERE state = 'pending';
  CREATE INDEX files_gone ON files (at) WHERE state = 'gone';
  CREATE INDEX files_by_session ON files (session);

  CREATE TABLE channels (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;

  CREATE TABLE positions (
    channel_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (channel_id, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE doomed (
    session INTEGER PRIMARY KEY
  ) STRICT;
  `,
  // When what is gone was received, for clients that follow a time: of a gap (null: unknown), and of the newest message that expired.
  `
  ALTER TABLE gaps ADD COLUMN at INTEGER;
  ALTER TABLE sessions ADD COLUMN expired_at INTEGER NOT NULL DEFAULT 0;
  `,
  `
  CREATE TABLE approvals (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    session INTEGER NOT NULL,
    action TEXT NOT NULL,
    args TEXT NOT NULL,
    args_hash TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel_id TEXT,
    conversation TEXT,
    agent_id TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    decided_by TEXT,
    reason TEXT,
    decided_at INTEGER,
    used_at INTEGER,
    UNIQUE (session, id)
  ) STRICT;
  CREATE INDEX approvals_by_session ON approvals (session, row);
  CREATE INDEX approvals_pending ON approvals (session, expires_at) WHERE state = 'pending';
  `,
  // Cookies and links of the relay's own pages; failed replies for the operator.
  `
  CREATE TABLE passes (
    hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX passes_by_owner ON passes (owner, kind, issued_at);

  CREATE INDEX replies_failed ON replies (updated_at, row) WHERE state = 'failed';
  `,
  // Who wrote a reply: 'human', or null for an agent and for what is older.
  `
  ALTER TABLE replies ADD COLUMN author TEXT;
  `,
]
