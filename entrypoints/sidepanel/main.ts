import '../../lib/ui/kit.css'
import { startPopup } from '../../lib/app/popup.tsx'

// The same parts as the popup: one column where it is narrow, two where it is wide.
startPopup(document.getElementById('root') ?? document.body)
