-- Format 2. The application id and the user version in the file's header say whose format it is and which.

-- Where the project stands: one row.
CREATE TABLE meta (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    -- Grows by one with every edit, undo and redo; a writer that finds another number has been overtaken.
    revision INTEGER NOT NULL,
    -- Drawn by whoever saved last, so that a program recognises a save of its own whose outcome it could not know.
    writer INTEGER NOT NULL,
    -- Position of the last step that is done; the steps after it can be redone.
    cursor INTEGER NOT NULL,
    -- Ids of datasets are never given twice, not even after their import was undone.
    next_dataset INTEGER NOT NULL,
    -- Drawn when the project was made; a copy has another one.
    identity TEXT NOT NULL,
    -- The oldest format whose programs understand this file, and the version of the program that brought that format.
    minimum_reader INTEGER NOT NULL,
    minimum_version TEXT NOT NULL,
    -- Over this row, all entities and all steps; none where it was never worked out.
    checksum INTEGER
) STRICT;

-- Everything the user drew and wrote, a row per thing, as JSON.
CREATE TABLE entity (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

-- The history, oldest first, without gaps: what Undo calls each step and what it changed, as JSON.
CREATE TABLE step (
    position INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    changes TEXT NOT NULL
) STRICT;

-- Imported datasets, column by column, each cut into chunks of little-endian values.
CREATE TABLE dataset_column (
    dataset INTEGER NOT NULL,
    name TEXT NOT NULL,
    chunk INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (dataset, name, chunk)
) STRICT;
