#pragma once
#include "iommu/vtd_domain.h"

/*
 * The same for units without scalable mode: the context entry has the root of the second stage, the address width and the
 * domain id; there are no PASIDs (VT-d 3.4, legacy mode). For vtd_domain.c.
 */
bool vtd_legacy_attach(struct vtd_unit *u, u16 sid, struct vtd_requester *r);
enum vtd_status vtd_legacy_set(struct vtd_requester *r, const struct vtd_space *s);
enum vtd_status vtd_legacy_clear(struct vtd_requester *r);
enum vtd_status vtd_legacy_detach(struct vtd_requester *r);
