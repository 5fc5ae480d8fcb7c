import '../../lib/ui/kit.css'
import { startPopup } from '../../lib/app/popup.tsx'

startPopup(document.getElementById('root') ?? document.body)
