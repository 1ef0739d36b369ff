// ClozeKit
