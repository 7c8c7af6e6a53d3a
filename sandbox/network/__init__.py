"""EC2's network: views, reach, flow logs."""
