"""What stands and flies on a globe, for CesiumJS: the packets that a scene of one flight and a run share."""
