from pathlib import Path

from deploy.local.mongod import mongod_argv
from deploy.local.replica_set import url


def test_the_command_line() -> None:
    assert mongod_argv(Path("/usr/bin/mongod"), Path("/da ta/db"), 1, Path("/da ta/key")) == (
        "/usr/bin/mongod",
        *("--dbpath", "/da ta/db"),
        *("--port", "1"),
        *("--bind_ip", "127.0.0.1"),
        *("--replSet", "rs0"),
        *("--keyFile", "/da ta/key"),
        *("--oplogSize", "64"),
        *("--wiredTigerCacheSizeGB", "0.25"),
        *("--wiredTigerEngineConfigString", "log=(file_max=16MB,prealloc=false)"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        "--nounixsocket",
        "--quiet",
    )


def test_the_address_names_database_and_replica_set() -> None:
    assert url(1, "secret") == (
        "mongodb://vodflow:secret@127.0.0.1:1/vodflow?authSource=admin&replicaSet=rs0&directConnection=true"
    )
