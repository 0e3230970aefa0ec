"""RabbitMQ and MongoDB for tests: containers where a Docker engine is found, else the embedded servers."""

import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.local.stack import BACKENDS_ONLY
from tests.running import RunningStack

RABBITMQ_IMAGE = "rabbitmq:3.13"
MONGODB_IMAGE = "mongo:7.0"


@dataclass(frozen=True)
class Servers:
    """Addresses of real servers."""

    amqp_url: str
    mongo_url: str


def docker_engine() -> bool:
    """Whether containers can be started here."""
    if "DOCKER_HOST" not in os.environ and not _listens("/var/run/docker.sock"):
        return False  # docker-py 7 would try, and leave its socket open when nobody answers
    import docker
    from docker.errors import DockerException

    try:
        client = docker.from_env()
    except DockerException:
        return False
    try:
        return bool(client.ping())
    except DockerException:
        return False
    finally:
        client.close()


def _listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except OSError:
            return False
    return True


@contextlib.contextmanager
def containers() -> Iterator[Servers]:
    """Both servers from images; MongoDB as a replica set of one."""
    from testcontainers.community.rabbitmq import RabbitMqContainer
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    mongo = DockerContainer(MONGODB_IMAGE).with_exposed_ports(27017).with_command("--replSet rs0 --bind_ip_all")
    mongo.waiting_for(LogMessageWaitStrategy("Waiting for connections"))
    with RabbitMqContainer(RABBITMQ_IMAGE) as rabbit, mongo:
        mongo.exec(
            ["mongosh", "--quiet", "--eval", "rs.initiate({_id:'rs0',members:[{_id:0,host:'localhost:27017'}]})"]
        )
        host, port = mongo.get_container_host_ip(), mongo.get_exposed_port(27017)
        amqp = f"amqp://guest:guest@{rabbit.get_container_host_ip()}:{rabbit.get_exposed_port(5672)}/"
        yield Servers(amqp, f"mongodb://{host}:{port}/vodflow?directConnection=true")


@contextlib.contextmanager
def embedded(data: Path) -> Iterator[Servers]:
    """Both servers as processes of this machine, on ports and in a directory of their own."""
    with RunningStack(data, BACKENDS_ONLY) as running:
        yield Servers(running.environment.amqp_url, running.environment.mongo_url)
