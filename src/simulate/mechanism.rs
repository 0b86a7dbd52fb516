//! The mechanisms that simulated drugs may have.

/// A family of drugs that act alike.
///
/// Name, targets and ATC classes are those of a real mechanism, so that a table of simulated drugs reads like a real
/// one. The drugs themselves are invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mechanism {
    /// As mechanism tables write it, such as `HDAC inhibitor`.
    pub name: &'static str,
    /// Symbols of genes whose products the family acts on.
    pub targets: &'static [&'static str],
    /// ATC classes of level 4 under which such drugs are listed.
    pub atc_classes: &'static [&'static str],
}

const fn family(
    name: &'static str,
    targets: &'static [&'static str],
    atc_classes: &'static [&'static str],
) -> Mechanism {
    Mechanism { name, targets, atc_classes }
}

/// All mechanisms, the ones that disturb a cell most first.
pub(super) const MECHANISMS: [Mechanism; 32] = [
    family("proteasome inhibitor", &["PSMB1", "PSMB2", "PSMB5"], &["L01XG"]),
    family("HDAC inhibitor", &["HDAC1", "HDAC2", "HDAC3", "HDAC6"], &["L01XH"]),
    family("topoisomerase inhibitor", &["TOP1", "TOP2A"], &["L01DB", "L01CE"]),
    family("CDK inhibitor", &["CDK4", "CDK6"], &["L01EF"]),
    family("ATPase inhibitor", &["ATP1A1"], &["C01AA"]),
    family("tubulin polymerization inhibitor", &["TUBB", "TUBB4B"], &["L01CA"]),
    family("mTOR inhibitor", &["MTOR"], &["L01EG", "L04AH"]),
    family("MEK inhibitor", &["MAP2K1", "MAP2K2"], &["L01EE"]),
    family("RAF inhibitor", &["BRAF", "RAF1"], &["L01EC"]),
    family("EGFR inhibitor", &["EGFR"], &["L01EB"]),
    family("glucocorticoid receptor agonist", &["NR3C1"], &["H02AB", "D07AC", "S01BA"]),
    family("retinoid receptor agonist", &["RARA", "RARB", "RARG"], &["D10AD", "L01XF"]),
    family("HMGCR inhibitor", &["HMGCR"], &["C10AA"]),
    family("estrogen receptor antagonist", &["ESR1", "ESR2"], &["L02BA", "G03XC"]),
    family("estrogen receptor agonist", &["ESR1", "ESR2"], &["G03CA", "L02AA"]),
    family("androgen receptor antagonist", &["AR"], &["L02BB"]),
    family("dopamine receptor antagonist", &["DRD2", "DRD3"], &["N05AA", "N05AD"]),
    family("calcineurin inhibitor", &["PPP3CA"], &["L04AD"]),
    family("PPAR receptor agonist", &["PPARG"], &["A10BG"]),
    family("sterol demethylase inhibitor", &["CYP51A1"], &["J02AC", "D01AC"]),
    family("calcium channel blocker", &["CACNA1C", "CACNA1D"], &["C08CA"]),
    family("serotonin reuptake inhibitor", &["SLC6A4"], &["N06AB"]),
    family("cyclooxygenase inhibitor", &["PTGS1", "PTGS2"], &["M01AB", "S01BC"]),
    family("phosphodiesterase inhibitor", &["PDE3A", "PDE3B"], &["C01CE"]),
    family("adrenergic receptor antagonist", &["ADRB1", "ADRB2"], &["C07AA", "S01ED"]),
    family("histamine receptor antagonist", &["HRH1"], &["R06AX"]),
    family("angiotensin converting enzyme inhibitor", &["ACE"], &["C09AA"]),
    family("GABA receptor modulator", &["GABRA1", "GABRA2"], &["N05BA", "N03AE"]),
    family("acetylcholine receptor antagonist", &["CHRM1", "CHRM3"], &["G04BD"]),
    family("ATP channel blocker", &["ABCC8", "KCNJ11"], &["A10BB"]),
    family("carbonic anhydrase inhibitor", &["CA1", "CA2"], &["S01EC"]),
    family("bacterial cell wall synthesis inhibitor", &[], &["J01CA"]),
];
