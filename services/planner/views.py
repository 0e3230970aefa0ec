"""A flow as users see it. Pure."""

from contracts.flows import FlowSummary, FlowView
from contracts.subtasks import EditMedia

from .flow import Flow
from .next_flows import next_views


def flow_view(flow: Flow) -> FlowView:
    """Everything about a flow."""
    accepted = flow.accepted
    return FlowView(
        **flow_summary(flow).model_dump(),
        output=accepted.output,
        tenant=flow.tenant,
        procedure=accepted.procedure,
        workflow_id=accepted.workflow_id,
        priority=accepted.priority,
        session_context=accepted.session_context,
        notify=accepted.notify,
        media=flow.media,
        code=flow.code,
        message=flow.message,
        subtasks=flow.subtasks,
        inputs=[one for asked in accepted.subtasks if isinstance(asked, EditMedia) for one in asked.inputs],
        next=next_views(flow),
    )


def flow_summary(flow: Flow) -> FlowSummary:
    """A flow's line in a list."""
    return FlowSummary(
        flow_id=flow.flow_id,
        state=flow.state,
        outcome=flow.outcome,
        input=flow.accepted.input,
        progress_percent=flow.progress_percent,
        session_id=flow.accepted.session_id,
        created_at=flow.accepted.accepted_at,
        started_at=flow.started_at,
        ended_at=flow.ended_at,
    )
