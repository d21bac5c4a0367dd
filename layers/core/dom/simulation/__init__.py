"""What routing would have done, or would do: the same solver on the same demands, nothing written.

`replay.replay` routes a situation (a world and its demands) under a rule set; `outcome.measure`
sums it up; `compare` says how two rule sets differ; `seek` looks for weights that reach a goal.
"""
