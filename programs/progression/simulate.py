KINDS=Trajectory=fan=simulate=None
