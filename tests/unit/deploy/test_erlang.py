from pathlib import Path

from deploy.local.erlang import Node, config_text, node_environment

NODE = Node(home=Path("/da ta/rabbitmq"), port=1, dist_port=2, epmd_port=3)


def test_the_configuration_listens_on_loopback_only() -> None:
    assert config_text(NODE, "secret").splitlines() == [
        "listeners.tcp.1 = 127.0.0.1:1",
        "num_acceptors.tcp = 2",
        "default_user = vodflow",
        "default_pass = secret",
        "default_user_tags.administrator = true",
        "log.file = false",
        "log.console = true",
        "log.console.level = warning",
        "vm_memory_high_watermark.relative = 0.25",
        "disk_free_limit.absolute = 200MB",
        "raft.wal_max_size_bytes = 64000000",
    ]


def test_nothing_of_the_machine_s_own_node_is_inherited() -> None:
    inherited = {
        "PATH": "/bin",
        "HOME": "/root",
        "RABBITMQ_NODENAME": "rabbit",
        "ERL_LIBS": "/x",
        "ERL_EPMD_PORT": "4369",
    }
    assert node_environment(NODE, inherited) == {
        "PATH": "/bin",
        "HOME": "/da ta/rabbitmq",
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": "3",
        "RABBITMQ_ALLOW_INPUT": "1",
        "RABBITMQ_CONFIG_FILE": "/da ta/rabbitmq/rabbitmq.conf",
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_DIST_PORT": "2",
        "RABBITMQ_ENABLED_PLUGINS_FILE": "/da ta/rabbitmq/enabled_plugins",
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_LOG_BASE": "/da ta/rabbitmq",
        "RABBITMQ_MNESIA_BASE": "/da ta/rabbitmq/mnesia",
        "RABBITMQ_NODENAME": "vodflow@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": "1",
        "RABBITMQ_SCHEDULER_BIND_TYPE": "u",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-noinput +B i +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
        " -start_epmd false -kernel inet_dist_use_interface {127,0,0,1}",
    }
