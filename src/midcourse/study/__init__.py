"""Running an assessment: what is sampled, how the samples are worked through, what is made of them."""
