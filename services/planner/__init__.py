"""The planner takes flow.accepted, unit results and queries; says unit requests, flow and subtask events; owns flows."""
