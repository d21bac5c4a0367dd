"""The optimization below the stages: pure functions of demand, supply, network and rules.

Imports the standard library and `dom.model` only. `solve.solve` routes one ship group,
`solve.solve_batch` many that share stock and capacity.
"""
