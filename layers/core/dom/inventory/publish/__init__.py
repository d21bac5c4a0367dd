"""What may be sold, as channels show it: soon, near zero first, and never over an order in flight.

A channel lowers what it shows with each order that it takes, and we hear of the order later. So
what is shown too high is lowered at once, and what is shown too low is raised only after it has
stood still for as long as orders take to reach us: whatever was sold before is counted by then,
and what is sold meanwhile changes it, which refuses the change.
"""
