"""Mixed-integer programming for joint plans: the only package that imports HiGHS and numpy.

They come with the solver layer; import this package only in functions that have it.
"""
