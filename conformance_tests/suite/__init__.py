"""What the checks stand on. Read its rooms in this order; each imports only those before it.

`rules` what a check is · `messages` what the suite sends itself · `target` the institution's file
and start · `platform` the simulator as a check drives it · `scenes` situations to judge ·
`report` what a run came to · `run` pytest's part · `doctor` what is looked at before a run.
"""
