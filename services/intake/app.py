"""Wiring of intake."""

import asyncio

from contracts import topology
from shared.actor import Actor
from shared.service import App, Parts, run

from .arrival_handlers import Starter
from .arrival_store import Arrivals
from .fetch_handlers import Fetcher, broken_off
from .handlers import Intake
from .leftovers_fetch import Leftovers
from .procedure_handlers import ProcedureDesk
from .procedure_store import Procedures
from .s3_handlers import S3Desk
from .store import Submissions
from .template_handlers import TemplateDesk
from .template_store import Templates
from .workflow_handlers import WorkflowDesk
from .workflow_store import Workflows
from .workflow_watch import WorkflowWatch


class IntakeApp:
    """Intake on its queues."""

    def __init__(self, parts: Parts) -> None:
        self._submissions = Submissions(parts.store)
        self._templates = Templates(parts.store)
        self._procedures = Procedures(parts.store)
        self._intake = Intake(
            self._submissions,
            self._templates,
            self._procedures,
            parts.bus,
            parts.settings.roots,
            parts.storage,
            parts.settings.web_rules,
        )
        self._poll_s = parts.settings.poll_s
        fetcher = Fetcher(parts.settings)
        self._fetches = Actor("fetch", topology.INTAKE_UNITS, fetcher, parts, slots=parts.settings.fetch_slots)
        self._leftovers = Leftovers(parts.store, broken_off(parts.settings))
        self._workflows = Workflows(parts.store)
        self._arrivals = Arrivals(parts.store)
        changed = asyncio.Event()
        roots = parts.settings.roots
        self._starter = Starter(self._workflows, self._arrivals, self._intake, parts.bus, roots)
        self._watch = WorkflowWatch(self._workflows, self._arrivals, self._starter, parts.settings, changed)
        workflows = WorkflowDesk(
            self._workflows, self._arrivals, self._templates, self._procedures, parts.bus, roots, changed
        )
        templates = TemplateDesk(self._templates, parts.bus)
        procedures = ProcedureDesk(self._procedures, self._templates, parts.bus, parts.settings.roots)
        parts.bus.on(
            topology.INTAKE_COMMANDS,
            {
                "flow.submit.v1": self._intake.submit,
                "flow.cancel.v1": self._intake.cancel,
                "edit.submit.v1": self._intake.edit,
                "template.put.v1": templates.put,
                "template.modify.v1": templates.modify,
                "template.delete.v1": templates.delete,
                "template.describe.v1": templates.describe,
                "procedure.put.v1": procedures.put,
                "procedure.reset.v1": procedures.reset,
                "procedure.delete.v1": procedures.delete,
                "procedure.describe.v1": procedures.describe,
                "workflow.put.v1": workflows.put,
                "workflow.reset.v1": workflows.reset,
                "workflow.enable.v1": workflows.enable,
                "workflow.disable.v1": workflows.disable,
                "workflow.delete.v1": workflows.delete,
                "workflow.describe.v1": workflows.describe,
                "upload.completed.v1": self._intake.uploaded,
            },
            prefetch=20,
        )
        parts.bus.on(topology.INTAKE_UNROUTED, {})
        parts.bus.on_raw(topology.INTAKE_S3, S3Desk(self._workflows, self._starter).notice, prefetch=20)

    async def prepare(self) -> None:
        await self._submissions.prepare()
        await self._templates.prepare()
        await self._procedures.prepare()
        await self._workflows.prepare()
        await self._arrivals.prepare()
        await self._fetches.prepare()

    async def serve(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._fetches.serve())
            group.create_task(self._watch.serve())
            group.create_task(self._sweep())

    async def stop(self) -> None:
        await self._fetches.stop()

    async def _sweep(self) -> None:
        """What this or another replica left undone."""
        while True:
            await asyncio.sleep(self._poll_s * 5)
            await self._intake.tell_untold()
            await self._starter.go_on()
            await self._leftovers.sweep()


def build(parts: Parts) -> App:
    """The service on its queues."""
    return IntakeApp(parts)


def main() -> None:
    """Run it."""
    run("intake", build)
