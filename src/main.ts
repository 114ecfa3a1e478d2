import './ui/page/trusted_types';
import './ui/page/theme.css';
import './ui/page/normscape_app';
